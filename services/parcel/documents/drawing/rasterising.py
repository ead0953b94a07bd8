"""Pages as dots, drawn from our own PDF so that nothing is drawn twice.

Receipt printers cannot shape Khmer: they get dots, black or white.
"""

import io
import threading

import pypdfium2  # type: ignore[import-untyped]  # has no stubs
from PIL import Image

DOTS_PER_MM_203 = 8.0
"""Print heads sold as 203 dpi."""
DOTS_PER_MM_300 = 300 / 25.4
MM_PER_PT = 25.4 / 72
SPARE = 1e-4
"""PDF rounds a page to hundredths of a point; without this, 148 mm of 8 dots would be 1185 and bars would drift."""
BLACK_BELOW = 160
"""Above the middle, so that thin strokes stay whole."""

_PDFIUM = threading.Lock()
"""PDFium is not safe for threads."""


def png_pages(pdf: bytes, dots_per_mm: float = DOTS_PER_MM_203) -> list[bytes]:
    """Return each page of a document as a PNG of one bit a dot."""
    scale = dots_per_mm * MM_PER_PT * (1 - SPARE)
    with _PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            pages = [page.render(scale=scale, grayscale=True).to_pil() for page in document]
        finally:
            document.close()
    return [_png(page, dots_per_mm) for page in pages]


def _png(page: Image.Image, dots_per_mm: float) -> bytes:
    dots = page.convert("L").point(lambda shade: 255 if shade >= BLACK_BELOW else 0).convert("1")
    stream = io.BytesIO()
    dpi = dots_per_mm * 25.4
    dots.save(stream, "PNG", dpi=(dpi, dpi), optimize=True)
    return stream.getvalue()
