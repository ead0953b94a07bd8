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

WHITE = 255

_PDFIUM = threading.Lock()
"""PDFium is not safe for threads."""


def png_pages(pdf: bytes, dots_per_mm: float = DOTS_PER_MM_203) -> list[bytes]:
    """Return each page of a document as a PNG of one bit a dot."""
    return [_png(page, dots_per_mm) for page in _pages(pdf, dots_per_mm)]


def png(pdf: bytes, dots_per_mm: float = DOTS_PER_MM_203) -> bytes:
    """Return a document as one PNG of one bit a dot, its pages below each other."""
    pages = _pages(pdf, dots_per_mm)
    whole = Image.new("L", (max(page.width for page in pages), sum(page.height for page in pages)), WHITE)
    below = 0
    for page in pages:
        whole.paste(page, (0, below))
        below += page.height
    return _png(whole, dots_per_mm)


def _pages(pdf: bytes, dots_per_mm: float) -> list[Image.Image]:
    scale = dots_per_mm * MM_PER_PT * (1 - SPARE)
    with _PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        try:
            return [page.render(scale=scale, grayscale=True).to_pil() for page in document]
        finally:
            document.close()


def _png(page: Image.Image, dots_per_mm: float) -> bytes:
    dots = page.convert("L").point(lambda shade: WHITE if shade >= BLACK_BELOW else 0).convert("1")
    stream = io.BytesIO()
    dpi = dots_per_mm * 25.4
    dots.save(stream, "PNG", dpi=(dpi, dpi), optimize=True)
    return stream.getvalue()
