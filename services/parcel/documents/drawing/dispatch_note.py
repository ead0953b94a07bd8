"""The dispatch note that goes with a parcel, and what becomes of it if it cannot be delivered.

Source: UPU forms CP 71 and CP 72.
"""

from services.parcel.addresses.domain.countries import english_name
from services.parcel.documents.domain.customs_paper import CustomsPaper
from services.parcel.documents.domain.parties import Party
from services.parcel.documents.domain.void_mark import void_mark
from services.parcel.documents.domain.weights import kilograms
from services.parcel.documents.domain.wording import customs_captions
from services.parcel.documents.drawing.canvas import FRAME_PADDING_MM, Box, Canvas, caption
from services.parcel.documents.drawing.fonts import Weight
from services.parcel.documents.drawing.lettering import Run
from services.parcel.documents.drawing.symbols import BARS_WIDTH_MM
from services.parcel.posting.domain.non_delivery import IfUndeliverable

HEAD_MM = 23.0
PARTIES_MM = 26.0
TICK_SIDE_MM = 3.0


def draw_dispatch_note(canvas: Canvas, box: Box, paper: CustomsPaper) -> None:
    """Draw the note into a box; its upper edge is where the sheet is cut.

    Raises: TextTooLong.
    """
    canvas.rule(box.x, box.y, box.width)
    _head(canvas, Box(box.x, box.y + 1, box.width, HEAD_MM - 1), paper)
    y = box.y + HEAD_MM
    half = box.width / 2
    canvas.field(Box(box.x, y, half, PARTIES_MM), _party(paper.sender, "sender"))
    canvas.field(Box(box.x + half, y, half, PARTIES_MM), _party(paper.recipient, "recipient"))
    y += PARTIES_MM
    rest = Box(box.x, y, half, box.bottom - y)
    _choices(canvas, rest, paper)
    canvas.field(Box(rest.right, y, half, rest.height), [caption(customs_captions()["received"])])


def _head(canvas: Canvas, box: Box, paper: CustomsPaper) -> None:
    texts = customs_captions()
    void = [Run(void_mark(paper.void_at), 11, 9, Weight.BOLD)] if paper.void_at else []
    insured = paper.insured_value.spelled if paper.insured_value else "-"
    canvas.texts(
        Box(box.x, box.y, box.width - BARS_WIDTH_MM - 2, box.height),
        [
            *void,
            Run(f"{texts['dispatch_note']} · CP 72", 11, 9, Weight.BOLD),
            Run(f"{texts['gross_weight']}: {kilograms(paper.gross_weight_g)}", 8, 7),
            Run(f"{texts['postal_charges']}: {paper.charges_written}", 8, 7),
            Run(f"{texts['insured_value']}: {insured}", 8, 7),
        ],
    )
    canvas.bars(box.right - BARS_WIDTH_MM, box.y + 1, paper.item_number)


def _party(party: Party, field: str) -> list[Run]:
    return [
        caption(customs_captions()[field]),
        Run(party.name, 9, 7, Weight.BOLD, ending=f" · {party.phone_for('')}"),
        Run(", ".join(party.address_lines), 8, 7),
        Run(english_name(party.country).upper(), 8, 7, Weight.BOLD),
    ]


def _choices(canvas: Canvas, box: Box, paper: CustomsPaper) -> None:
    texts = customs_captions()
    canvas.frame(box)
    inner = box.inside(FRAME_PADDING_MM)
    y = canvas.texts(inner, [caption(texts["if_undeliverable"])])
    height = (inner.bottom - y) / len(IfUndeliverable)
    for choice in IfUndeliverable:
        chosen = choice is paper.if_undeliverable
        canvas.tick_box(inner.x, y + (height - TICK_SIDE_MM) / 2, TICK_SIDE_MM, ticked=chosen)
        where = f": {paper.redirect_to}" if choice is IfUndeliverable.REDIRECT and paper.redirect_to else ""
        canvas.centred(Box(inner.x + 4, y, inner.width - 5, height), [Run(f"{texts[choice.value]}{where}", 8, 6)])
        y += height
