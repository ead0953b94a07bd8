"""The table of contents of CN 23: a row a kind of article, and the totals below."""

from collections.abc import Sequence

from services.parcel.addresses.domain.countries import english_name
from services.parcel.customs.domain.declaration import ContentLine
from services.parcel.documents.domain.customs_paper import CustomsPaper, hs_written
from services.parcel.documents.domain.weights import kilograms
from services.parcel.documents.domain.wording import customs_captions
from services.parcel.documents.drawing.canvas import FRAME_PADDING_MM, Box, Canvas, caption
from services.parcel.documents.drawing.fonts import Weight
from services.parcel.documents.drawing.lettering import Run

HEAD_MM = 9.0
ROW_MM = 8.5
TOTALS_MM = 10.0
COLUMNS = (
    ("description", 1, 66.0),
    ("quantity", 2, 18.0),
    ("net_weight", 3, 24.0),
    ("value", 5, 28.0),
    ("hs_code", 7, 28.0),
    ("origin", 8, 30.0),
)
"""Caption, number on the form, width."""


def numbered(number: int, field: str) -> Run:
    """Return the caption of a field with the number that it has on the form."""
    return caption(f"({number}) {customs_captions()[field]}")


def draw_contents(
    canvas: Canvas, x: float, y: float, paper: CustomsPaper, lines: Sequence[ContentLine], rows: int
) -> float:
    """Draw the head and so many rows, the last ones empty; return where they end."""
    y = _row(canvas, x, y, HEAD_MM, [_head(number, field) for field, number, _ in COLUMNS])
    for index in range(rows):
        y = _row(canvas, x, y, ROW_MM, _cells(paper, lines[index]) if index < len(lines) else [])
    return y


def draw_totals(canvas: Canvas, x: float, y: float, paper: CustomsPaper) -> float:
    """Draw gross weight, total value and postal charges; return where they end."""
    totals = (
        (4, "gross_weight", kilograms(paper.gross_weight_g)),
        (6, "total_value", paper.total_value.spelled),
        (9, "postal_charges", paper.charges_written),
    )
    width = sum(width for _, _, width in COLUMNS) / len(totals)
    for index, (number, field, value) in enumerate(totals):
        box = Box(x + index * width, y, width, TOTALS_MM)
        canvas.field(box, [numbered(number, field), Run(value, 10, 8, Weight.BOLD)])
    return y + TOTALS_MM


def _head(number: int, field: str) -> Run:
    return Run(f"({number}) {customs_captions()[field]}", 6.5, 6)


def _cells(paper: CustomsPaper, line: ContentLine) -> list[Run]:
    return [
        Run(line.description, 9, 7),
        Run(str(line.quantity), 9, 7),
        Run(kilograms(line.net_weight_g), 9, 7),
        Run(paper.value_of(line).spelled, 9, 7),
        Run(hs_written(line.hs_code or ""), 9, 7),
        Run(english_name(line.origin_country) if line.origin_country else "", 9, 7),
    ]


def _row(canvas: Canvas, x: float, y: float, height: float, runs: Sequence[Run]) -> float:
    for index, (_, _, width) in enumerate(COLUMNS):
        box = Box(x, y, width, height)
        canvas.frame(box)
        if index < len(runs):
            canvas.texts(box.inside(FRAME_PADDING_MM / 2), [runs[index]])
        x += width
    return y + height
