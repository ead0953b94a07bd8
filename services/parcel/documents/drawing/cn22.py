"""CN 22: the customs declaration of letter post of small value, 74 x 105 mm.

Source: UPU form CN 22.
"""

from services.parcel.customs.domain.declaration import Category, ContentLine
from services.parcel.documents.domain.customs_paper import CustomsPaper, hs_written
from services.parcel.documents.domain.void_mark import void_mark
from services.parcel.documents.domain.weights import kilograms
from services.parcel.documents.domain.wording import small_customs_captions
from services.parcel.documents.drawing.canvas import SAFE_MM, Box, Canvas, caption
from services.parcel.documents.drawing.fonts import Weight
from services.parcel.documents.drawing.lettering import LEGIBLE_PT, Run, lines_of
from services.parcel.documents.drawing.symbols import BARS_WIDTH_MM
from shared import clock
from shared.errors import FieldProblem, Invalid

SIZE_MM = (74.0, 105.0)
HEAD_MM = 10.5
TICK_ROWS_MM = (5.4, 5.4, 9.6)
"""The last one has room for what another purpose is."""
TICK_COLUMNS_MM = (27.0, 41.0)
TICK_SIDE_MM = 2.6
TABLE_HEAD_MM = 5.8
LINES_MM = 24.0
TOTAL_MM = 7.5
SIGN_MM = 12.0
CELL_PADDING_MM = 0.3
MOST_LINES = 4
COLUMNS = (("quantity_description", 27.0), ("net_weight", 12.0), ("value", 14.0), ("hs_origin", 15.0))


class TooManyLines(Invalid):
    """The small declaration has no room for so many kinds of articles; use CN 23."""

    slug = "too-many-lines"

    def __init__(self) -> None:
        message = f"At most {MOST_LINES} lines; for more, use CN 23."
        super().__init__([FieldProblem("lines", "too-many-lines", message)], message)


def draw_cn22(paper: CustomsPaper) -> bytes:
    """Draw the declaration as PDF; what does not fit goes on CN 23, which may always be used instead.

    Raises: TooManyLines, TextTooLong.
    """
    return compose_cn22(paper).pdf()


def compose_cn22(paper: CustomsPaper) -> Canvas:
    """Lay the declaration out: head, category, contents, signature, bars."""
    if len(paper.declaration.lines) > MOST_LINES:
        raise TooManyLines
    canvas = Canvas(f"CN 22 {paper.item_number.grouped}", paper.posted_at, *SIZE_MM, cuts=False)
    canvas.add_page()
    inner = Box(0, 0, *SIZE_MM).inside(SAFE_MM)
    _head(canvas, Box(inner.x, inner.y, inner.width, HEAD_MM))
    y = inner.y + HEAD_MM
    y = _categories(canvas, Box(inner.x, y, inner.width, sum(TICK_ROWS_MM)), paper)
    y = _contents(canvas, inner.x, y, paper)
    y = _signature(canvas, Box(inner.x, y, inner.width, SIGN_MM), paper)
    canvas.bars(inner.x + (inner.width - BARS_WIDTH_MM) / 2, y + 0.5, paper.item_number)
    return canvas


def _head(canvas: Canvas, box: Box) -> None:
    texts = small_customs_captions()
    canvas.texts(
        Box(box.x, box.y, box.width - 18, box.height),
        [Run(texts["declaration"], 7.5, 6, Weight.BOLD), Run(texts["may_be_opened"], 6.5, 5)],
    )
    canvas.texts(
        Box(box.right - 17, box.y, 17, box.height),
        [Run("CN 22", 12, 10, Weight.BOLD, "R"), Run("CTC Post (KH)", 6.5, 5.5, align="R")],
    )


def _categories(canvas: Canvas, box: Box, paper: CustomsPaper) -> float:
    texts = small_customs_captions()
    for index, category in enumerate(Category):
        row, column = divmod(index, len(TICK_COLUMNS_MM))
        width, height = TICK_COLUMNS_MM[column], TICK_ROWS_MM[row]
        x, y = box.x + sum(TICK_COLUMNS_MM[:column]), box.y + sum(TICK_ROWS_MM[:row])
        ticked = category is paper.declaration.category
        canvas.tick_box(x + 0.5, y + (height - TICK_SIDE_MM) / 2, TICK_SIDE_MM, ticked=ticked)
        explained = paper.declaration.explanation if category is Category.OTHER else None
        text = f"{texts[category.value]}: {explained}" if explained else texts[category.value]
        canvas.centred(Box(x + 4, y, width - 4, height), [Run(text, 6.5, 5)])
    return box.bottom


def _contents(canvas: Canvas, x: float, y: float, paper: CustomsPaper) -> float:
    texts = small_customs_captions()
    y = _row(canvas, x, y, TABLE_HEAD_MM, [Run(texts[field], 5.5, 5) for field, _ in COLUMNS])
    rows = [_cells(paper, line) for line in paper.declaration.lines]
    needed_mm = [_smallest_height(row[0]) for row in rows]
    for row, height in zip(rows, needed_mm, strict=True):
        y = _row(canvas, x, y, height * LINES_MM / sum(needed_mm), row)
    total = Run(kilograms(paper.declaration.net_weight_g), 7, 5, Weight.BOLD)
    value = Run(paper.total_value.spelled, 7, 5, Weight.BOLD)
    name = Run(texts["totals"], 6, 5)
    return _row(canvas, x, y, TOTAL_MM, [name, total, value, Run("", 6, 5)])


def _cells(paper: CustomsPaper, line: ContentLine) -> list[Run]:
    tariff = " ".join(part for part in (hs_written(line.hs_code or ""), line.origin_country) if part)
    return [
        Run(f"{line.quantity} x {line.description}", 7.5, 6.5),
        Run(kilograms(line.net_weight_g), 7, 5),
        Run(paper.value_of(line).spelled, 7, 5),
        Run(tariff, 6.5, 5),
    ]


def _smallest_height(description: Run) -> float:
    _, width = COLUMNS[0]
    smallest = Run(description.text, LEGIBLE_PT, LEGIBLE_PT)
    return sum(line.height_mm for line in lines_of(smallest, width - 2 * CELL_PADDING_MM)) + 2 * CELL_PADDING_MM


def _row(canvas: Canvas, x: float, y: float, height: float, runs: list[Run]) -> float:
    for (_, width), run in zip(COLUMNS, runs, strict=True):
        box = Box(x, y, width, height)
        canvas.frame(box)
        canvas.texts(box.inside(CELL_PADDING_MM), [run])
        x += width
    return y + height


def _signature(canvas: Canvas, box: Box, paper: CustomsPaper) -> float:
    texts = small_customs_captions()
    posted = paper.posted_at.astimezone(clock.LOCAL)
    canvas.texts(Box(box.x, box.y + 0.5, box.width / 2 - 1, box.height - 1), [Run(texts["declare"], 5.5, 5.5)])
    sign = Box(box.x + box.width / 2, box.y + 0.5, box.width / 2, box.height - 1)
    canvas.frame(sign)
    void = [Run(void_mark(paper.void_at), 8, 6, Weight.BOLD)] if paper.void_at else []
    canvas.texts(sign.inside(0.5), [*void, caption(texts["signature"]), Run(f"{posted:%d/%m/%Y}", 7, 6)])
    return box.bottom
