"""Pages as dots."""

import io

import pytest
from PIL import Image

from services.parcel.documents.domain.label import LabelFormat
from services.parcel.documents.drawing.labels import draw_labels
from services.parcel.documents.drawing.rasterising import DOTS_PER_MM_203, DOTS_PER_MM_300, png, png_pages
from tests.parcel.documents.papers import domestic_label


@pytest.mark.parametrize(
    ("label_format", "dots_per_mm", "size"),
    [
        (LabelFormat.MM_100_150, DOTS_PER_MM_203, (800, 1200)),
        (LabelFormat.A6, DOTS_PER_MM_203, (840, 1184)),
        (LabelFormat.MM_100_150, DOTS_PER_MM_300, (1181, 1772)),
    ],
)
def test_a_page_has_as_many_dots_as_the_paper(
    label_format: LabelFormat, dots_per_mm: float, size: tuple[int, int]
) -> None:
    one, two = png_pages(draw_labels([domestic_label(), domestic_label(weight_g=7)], label_format), dots_per_mm)
    page = Image.open(io.BytesIO(one))
    assert (page.size, page.mode) == (size, "1")
    assert page.info["dpi"][0] == pytest.approx(dots_per_mm * 25.4, abs=0.1)
    assert one != two


def test_a_document_as_one_picture_has_its_pages_below_each_other() -> None:
    drawn = draw_labels([domestic_label(), domestic_label(weight_g=7)], LabelFormat.MM_100_150)
    one, two = (Image.open(io.BytesIO(page)) for page in png_pages(drawn))

    whole = Image.open(io.BytesIO(png(drawn)))

    assert (whole.size, whole.mode) == ((800, 2400), "1")
    assert whole.crop((0, 0, 800, 1200)).tobytes() == one.tobytes()
    assert whole.crop((0, 1200, 800, 2400)).tobytes() == two.tobytes()
