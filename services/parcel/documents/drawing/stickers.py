"""Stickers of item numbers, 70 x 37 mm: on a roll one a page, on A4 sheets twenty-four."""

from collections.abc import Sequence
from datetime import datetime

from services.parcel.documents.drawing.canvas import SAFE_MM, Box, Canvas
from services.parcel.documents.drawing.fonts import Weight
from services.parcel.documents.drawing.lettering import Run
from services.parcel.documents.drawing.symbols import BARS_WIDTH_MM
from shared.s10 import ItemNumber

STICKER_MM = (70.0, 37.0)
COLUMNS = 3
ROWS = 8
SHEET_MM = (210.0, 297.0)
HEAD_MM = 11.0


def draw_sticker_roll(numbers: Sequence[ItemNumber], mark: str, made_at: datetime) -> bytes:
    """Draw stickers as PDF, a page each."""
    return compose_sticker_roll(numbers, mark, made_at).pdf()


def draw_sticker_sheets(numbers: Sequence[ItemNumber], mark: str, made_at: datetime) -> bytes:
    """Draw stickers as PDF, row by row on A4 sheets that are cut already."""
    return compose_sticker_sheets(numbers, mark, made_at).pdf()


def compose_sticker_roll(numbers: Sequence[ItemNumber], mark: str, made_at: datetime) -> Canvas:
    """Lay stickers out on a roll."""
    canvas = Canvas(_title(numbers), made_at, *STICKER_MM)
    for number in numbers:
        canvas.add_page()
        _sticker(canvas, Box(0, 0, *STICKER_MM), number, mark)
    return canvas


def compose_sticker_sheets(numbers: Sequence[ItemNumber], mark: str, made_at: datetime) -> Canvas:
    """Lay stickers out on sheets."""
    canvas = Canvas(_title(numbers), made_at, *SHEET_MM)
    width, height = STICKER_MM
    # Eight rows are a millimetre short of the sheet: half of it stays above.
    top = (SHEET_MM[1] - ROWS * height) / 2
    for index, number in enumerate(numbers):
        place = index % (COLUMNS * ROWS)
        if place == 0:
            canvas.add_page()
        row, column = divmod(place, COLUMNS)
        _sticker(canvas, Box(column * width, top + row * height, width, height), number, mark)
    return canvas


def _title(numbers: Sequence[ItemNumber]) -> str:
    return f"{numbers[0].grouped} - {numbers[-1].grouped}"


def _sticker(canvas: Canvas, box: Box, number: ItemNumber, mark: str) -> None:
    inner = box.inside(SAFE_MM)
    canvas.centred(Box(inner.x + 2, inner.y, 24, HEAD_MM), [Run(mark, 20, 14, Weight.BOLD)])
    canvas.centred(Box(inner.x + 28, inner.y, inner.width - 30, HEAD_MM), [Run("CTC Post", 11, 11, Weight.BOLD, "R")])
    canvas.bars(box.x + (box.width - BARS_WIDTH_MM) / 2, inner.y + HEAD_MM + 1, number)
