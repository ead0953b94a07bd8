"""What reaches a page: shaped Khmer, bars of exact width, quiet zones, ink within its box."""

import io
from pathlib import Path

import pytest
from fpdf import FPDF
from PIL import Image, ImageChops

from services.parcel.documents.drawing.canvas import Box, Canvas
from services.parcel.documents.drawing.fonts import Weight
from services.parcel.documents.drawing.lettering import Line
from services.parcel.documents.drawing.rasterising import png_pages
from services.parcel.documents.drawing.symbols import BAR_HEIGHT_MM, BAR_X_MM, BARS_WIDTH_MM
from shared.s10 import ItemNumber
from tests.parcel.documents.papers import AT, LINK, RESOLUTIONS, is_blank, pages, scanned, spans

GOLDEN = Path(__file__).parents[1] / "golden"
HARD_WORDS = {
    "phnom_penh": "ភ្នំពេញ",
    "takeo": "តាកែវ",
    "parcel": "កញ្ចប់បញ្ញើ",
    "sopheak": "សុភ័ក្ត្រ",
    "woman": "ស្ត្រី",
    "sihanouk": "ព្រះសីហនុ",
    "oddar": "ឧត្ដរមានជ័យ",
    "post": "ប្រៃសណីយ៍",
}
DOTS_PER_MM = 8.0
MOST_DIFFERENT = 0.12
"""Of the ink; the next version of a rasteriser may smooth an edge differently."""


def drawn(text: str, weight: Weight = Weight.REGULAR) -> Image.Image:
    canvas = Canvas("word", AT, 60, 20)
    canvas.add_page()
    canvas.lines(2, 2, 56, [Line(text, 24, weight, "L")])
    return Image.open(io.BytesIO(png_pages(canvas.pdf(), DOTS_PER_MM)[0])).convert("L")


def difference(seen: Image.Image, expected: Image.Image) -> float:
    ink = sum(expected.histogram()[:128])
    return sum(ImageChops.difference(seen, expected).histogram()[128:]) / ink


@pytest.mark.parametrize("name", HARD_WORDS)
def test_khmer_words_look_as_they_should(name: str) -> None:
    expected = Image.open(GOLDEN / f"{name}.png").convert("L")
    assert difference(drawn(HARD_WORDS[name]), expected) < MOST_DIFFERENT


@pytest.mark.parametrize("name", HARD_WORDS)
def test_khmer_without_shaping_would_be_noticed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FPDF, "set_text_shaping", lambda *_, **__: None)
    expected = Image.open(GOLDEN / f"{name}.png").convert("L")
    assert difference(drawn(HARD_WORDS[name]), expected) > 2 * MOST_DIFFERENT


@pytest.mark.parametrize("weight", Weight)
@pytest.mark.parametrize("text", [*HARD_WORDS.values(), "ខ៊ី ញុំា", "គ្រឿងបញ្ជូន", "Åg Éj qp", "ស្ត្រី and Takeo"])
def test_the_ink_of_a_line_stays_in_its_box(text: str, weight: Weight) -> None:
    line = Line(text, 24, weight, "L")
    # Negated, because Pillow finds what is not black.
    left, top, right, bottom = ImageChops.invert(drawn(text, weight)).getbbox() or (0, 0, 0, 0)
    assert right > left
    assert left >= (2 - 0.4) * DOTS_PER_MM
    assert right <= (2 + line.width_mm + 0.4) * DOTS_PER_MM
    assert top >= 2 * DOTS_PER_MM
    assert bottom <= (2 + line.height_mm) * DOTS_PER_MM


@pytest.mark.parametrize("dots_per_mm", RESOLUTIONS)
@pytest.mark.parametrize("serial", [0, 10_000_005, 47_312_482, 99_999_999])
def test_bars_are_wide_enough_and_their_quiet_zones_empty(dots_per_mm: float, serial: int) -> None:
    number = ItemNumber("RR", serial, "KH")
    canvas = Canvas("bars", AT, 80, 30)
    canvas.add_page()
    canvas.bars(5.06, 4.1, number)
    (page,) = pages(canvas.pdf(), dots_per_mm)
    box = canvas.placed[0][0]
    assert (box.width, box.height) == (BARS_WIDTH_MM, BAR_HEIGHT_MM)
    widths = spans(page, box, dots_per_mm)
    quiet = 10 * BAR_X_MM
    assert not widths[0][0]
    assert not widths[-1][0]
    assert min(widths[0][1], widths[-1][1]) >= quiet - 1 / dots_per_mm
    assert min(width for _, width in widths) >= 0.33
    assert is_blank(page, Box(box.x, box.y, quiet - 0.1, box.height), dots_per_mm)
    assert is_blank(page, Box(box.right - quiet + 0.1, box.y, quiet - 0.1, box.height), dots_per_mm)
    assert scanned(page) == [("Code128", str(number))]


def test_bars_fall_on_the_dots_of_a_203_dpi_head() -> None:
    canvas = Canvas("bars", AT, 80, 30)
    canvas.add_page()
    canvas.bars(5, 4, ItemNumber("RR", 47_312_482, "KH"))
    (page,) = pages(canvas.pdf(), DOTS_PER_MM)
    dots = {round(width * DOTS_PER_MM) for _, width in spans(page, canvas.placed[0][0], DOTS_PER_MM)[1:-1]}
    assert dots == {3, 6, 9, 12}


@pytest.mark.parametrize("dots_per_mm", RESOLUTIONS)
def test_a_qr_code_has_coarse_modules_and_a_quiet_zone(dots_per_mm: float) -> None:
    canvas = Canvas("qr", AT, 40, 40)
    canvas.add_page()
    side = canvas.qr(5.03, 4.07, LINK, 26)
    (page,) = pages(canvas.pdf(), dots_per_mm)
    box = canvas.placed[0][0]
    module = side / (33 + 8)
    assert module >= 0.5
    assert side <= 26
    first = Box(box.x, box.y + 4 * module, side, module)
    assert spans(page, first, dots_per_mm)[0][1] >= 4 * module - 1 / dots_per_mm
    assert min(width for _, width in spans(page, first, dots_per_mm)) >= 0.5
    assert is_blank(page, Box(box.x, box.y, side, 4 * module - 0.1), dots_per_mm)
    assert scanned(page) == [("QRCode", LINK)]


def test_the_same_document_gives_the_same_bytes() -> None:
    def made() -> bytes:
        canvas = Canvas("same", AT, 60, 40)
        canvas.add_page()
        canvas.lines(2, 2, 56, [Line("ភ្នំពេញ Takeo", 12, Weight.BOLD, "C")])
        return canvas.pdf()

    assert made() == made()


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [(Box(5, 5, 10, 10), True), (Box(10, 0, 5, 5), False), (Box(0, 10, 5, 5), False), (Box(9, 9, 1, 1), True)],
)
def test_boxes_that_share_an_edge_do_not_overlap(other: Box, overlaps: bool) -> None:
    assert Box(0, 0, 10, 10).overlaps(other) is overlaps
