"""CN 23 with the dispatch note of the CP 72 set, on A4: declaration above, note below the cutting line.

Contents that do not fit on the first sheet go on on further ones.
Source: UPU forms CN 23, CP 71 and CP 72.
"""

from services.parcel.addresses.domain.countries import english_name
from services.parcel.customs.domain.declaration import Category
from services.parcel.documents.domain.customs_paper import CustomsPaper
from services.parcel.documents.domain.parties import Party
from services.parcel.documents.domain.void_mark import void_mark
from services.parcel.documents.domain.wording import customs_captions, small_customs_captions
from services.parcel.documents.drawing.canvas import FRAME_PADDING_MM, Box, Canvas, caption
from services.parcel.documents.drawing.customs_table import draw_contents, draw_totals, numbered
from services.parcel.documents.drawing.dispatch_note import draw_dispatch_note
from services.parcel.documents.drawing.fonts import Weight
from services.parcel.documents.drawing.lettering import Run
from services.parcel.documents.drawing.symbols import BARS_WIDTH_MM
from shared import clock

SIZE_MM = (210.0, 297.0)
MARGIN_MM = 8.0
HEAD_MM = 13.0
PARTY_MM = 33.5
REFERENCE_MM = 9.5
BARS_MM = 20.0
CATEGORY_MM = 25.0
COMMENTS_MM = 13.0
PAPERS_MM = 16.0
OFFICE_MM = 12.0
SIGN_MM = 20.0
TICK_SIDE_MM = 3.0
FIRST_ROWS = 6
FURTHER_ROWS = 25


def draw_cn23(paper: CustomsPaper) -> bytes:
    """Draw the declaration and the dispatch note as PDF.

    Raises: TextTooLong.
    """
    return compose_cn23(paper).pdf()


def compose_cn23(paper: CustomsPaper) -> Canvas:
    """Lay out the first sheet, and further ones for further contents."""
    canvas = Canvas(f"CN 23 {paper.item_number.grouped}", paper.posted_at, *SIZE_MM)
    inner = Box(0, 0, *SIZE_MM).inside(MARGIN_MM)
    further = paper.declaration.lines[FIRST_ROWS:]
    sheets = 1 + -(-len(further) // FURTHER_ROWS)
    canvas.add_page()
    y = _head(canvas, inner, f"1/{sheets}", paper)
    _parties(canvas, Box(inner.x, y, inner.width / 2, 0), paper)
    y = _item(canvas, Box(inner.x + inner.width / 2, y, inner.width / 2, 0), paper)
    y = draw_contents(canvas, inner.x, y, paper, paper.declaration.lines[:FIRST_ROWS], FIRST_ROWS)
    y = draw_totals(canvas, inner.x, y, paper)
    y = _signature(canvas, Box(inner.x, y, inner.width, SIGN_MM), paper)
    draw_dispatch_note(canvas, Box(inner.x, y + 3, inner.width, inner.bottom - y - 3), paper)
    for sheet in range(1, sheets):
        canvas.add_page()
        y = _head(canvas, inner, f"{sheet + 1}/{sheets}", paper)
        canvas.bars(inner.x, y + 1, paper.item_number)
        first = (sheet - 1) * FURTHER_ROWS
        lines = further[first : first + FURTHER_ROWS]
        y = draw_contents(canvas, inner.x, y + BARS_MM, paper, lines, len(lines))
        _signature(canvas, Box(inner.x, y, inner.width, SIGN_MM), paper)
    return canvas


def _head(canvas: Canvas, inner: Box, sheet: str, paper: CustomsPaper) -> float:
    texts = customs_captions()
    void = [Run(void_mark(paper.void_at), 12, 10, Weight.BOLD)] if paper.void_at else []
    canvas.texts(
        Box(inner.x, inner.y, 120, HEAD_MM),
        [*void, Run(texts["declaration"], 12, 10, Weight.BOLD), Run(texts["may_be_opened"], 8, 7)],
    )
    canvas.texts(
        Box(inner.right - 70, inner.y, 70, HEAD_MM),
        [Run("CN 23", 14, 14, Weight.BOLD, "R"), Run(f"{texts['operator']}: CTC Post (KH) · {sheet}", 7, 5, align="R")],
    )
    return inner.y + HEAD_MM


def _parties(canvas: Canvas, box: Box, paper: CustomsPaper) -> None:
    y = box.y
    for party, field, name, reference in (
        (paper.sender, "sender", "sender_reference", paper.declaration.sender_reference),
        (paper.recipient, "recipient", "importer_reference", paper.declaration.importer_reference),
    ):
        canvas.field(Box(box.x, y, box.width, PARTY_MM), _party(party, field))
        y += PARTY_MM
        canvas.field(
            Box(box.x, y, box.width, REFERENCE_MM),
            [caption(customs_captions()[name]), Run(reference or "", 9, 7)],
        )
        y += REFERENCE_MM


def _party(party: Party, field: str) -> list[Run]:
    texts = customs_captions()
    email = f" · {texts['email']} {party.email}" if party.email else ""
    return [
        caption(texts[field]),
        Run(party.name, 10, 8, Weight.BOLD),
        Run(party.business or "", 9, 7),
        Run(", ".join(party.address_lines), 9, 8),
        Run(english_name(party.country).upper(), 9, 7, Weight.BOLD),
        Run(f"{texts['phone']} {party.phone_for('')}{email}", 8, 6),
    ]


def _item(canvas: Canvas, box: Box, paper: CustomsPaper) -> float:
    bars = Box(box.x, box.y, box.width, BARS_MM)
    canvas.frame(bars)
    canvas.bars(bars.x + (bars.width - BARS_WIDTH_MM) / 2, bars.y + 1.5, paper.item_number)
    y = _categories(canvas, Box(box.x, bars.bottom, box.width, CATEGORY_MM), paper)
    comments = Box(box.x, y, box.width, COMMENTS_MM)
    canvas.field(comments, [numbered(11, "comments"), Run(paper.declaration.comments or "", 8, 7)])
    papers = (
        (12, "licence", paper.declaration.licence_number),
        (13, "certificate", paper.declaration.certificate_number),
        (14, "invoice", paper.declaration.invoice_number),
    )
    width = box.width / len(papers)
    for index, (number, field, value) in enumerate(papers):
        place = Box(box.x + index * width, comments.bottom, width, PAPERS_MM)
        # So narrow a field has no room for French.
        name = caption(f"({number}) {small_customs_captions()[field]}")
        canvas.field(place, [name, Run(value or "", 9, 6)])
    office = paper.office_of_origin
    posted = paper.posted_at.astimezone(clock.LOCAL)
    origin = Box(box.x, comments.bottom + PAPERS_MM, box.width, OFFICE_MM)
    where = Run(f"{office.code} {office.name_en}", 10, 8, ending=f" · {posted:%d/%m/%Y}")
    canvas.field(origin, [caption(customs_captions()["office_of_origin"]), where])
    return origin.bottom


def _categories(canvas: Canvas, box: Box, paper: CustomsPaper) -> float:
    texts = customs_captions()
    canvas.frame(box)
    inner = box.inside(FRAME_PADDING_MM)
    top = canvas.texts(inner, [numbered(10, "category")])
    width = inner.width / 2
    for index, category in enumerate(Category):
        row, column = divmod(index, 2)
        # The last row has room for what another purpose is.
        unit = (inner.bottom - top) / 4
        x, y, height = inner.x + column * width, top + row * unit, unit * (2 if row == 2 else 1)
        canvas.tick_box(x, y + (height - TICK_SIDE_MM) / 2, TICK_SIDE_MM, ticked=category is paper.declaration.category)
        explained = paper.declaration.explanation if category is Category.OTHER else None
        text = f"{texts[category.value]}: {explained}" if explained else texts[category.value]
        canvas.centred(Box(x + 4, y, width - 5, height), [Run(text, 8, 6)])
    return box.bottom


def _signature(canvas: Canvas, box: Box, paper: CustomsPaper) -> float:
    texts = customs_captions()
    left = Box(box.x, box.y, box.width / 2, box.height)
    right = Box(left.right, box.y, box.width / 2, box.height)
    canvas.field(left, [Run(texts["declare"], 8, 8)])
    posted = paper.posted_at.astimezone(clock.LOCAL)
    canvas.field(right, [numbered(15, "signature"), Run(f"{posted:%d/%m/%Y}", 9, 8)])
    return box.bottom
