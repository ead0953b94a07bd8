"""Address labels, on A6 and on 100 x 150 mm."""

from collections.abc import Sequence

from services.parcel.addresses.domain.countries import english_name
from services.parcel.documents.domain.label import ADVICE_MARK, Label, LabelFormat
from services.parcel.documents.domain.parties import Party
from services.parcel.documents.domain.void_mark import void_mark
from services.parcel.documents.domain.weights import kilograms
from services.parcel.documents.domain.wording import customs_words, words
from services.parcel.documents.drawing.canvas import FRAME_PADDING_MM, SAFE_MM, Box, Canvas, caption
from services.parcel.documents.drawing.fonts import Weight
from services.parcel.documents.drawing.lettering import Run, lines_of
from services.parcel.documents.drawing.symbols import BAR_HEIGHT_MM, BARS_WIDTH_MM
from services.parcel.pricing.domain.tariff import Option
from shared import clock

SIZES_MM = {LabelFormat.A6: (105.0, 148.0), LabelFormat.MM_100_150: (100.0, 150.0)}
HEAD_MM = 17.0
SYMBOLS_MM = 27.5
COLLECTING_MM = 19.0
FIGURES_MM = 12.0
SENDER_MM = 30.0
"""At most, for the longest of names and addresses."""
MARK_MM = 26.0
ADVICE_MM = 13.0
CODE_MM = 40.0


def draw_labels(labels: Sequence[Label], label_format: LabelFormat) -> bytes:
    """Draw labels as one PDF, a page each; many in one take little longer than one.

    Raises: TextTooLong, LinkTooLong.
    """
    return compose_labels(labels, label_format).pdf()


def compose_labels(labels: Sequence[Label], label_format: LabelFormat) -> Canvas:
    """Lay labels out."""
    width, height = SIZES_MM[label_format]
    title = ", ".join(label.item_number.grouped for label in labels)
    canvas = Canvas(title, max(label.posted_at for label in labels), width, height)
    for label in labels:
        canvas.add_page()
        _compose(canvas, label)
    return canvas


def _compose(canvas: Canvas, label: Label) -> None:
    """Lay out bands from top to bottom; the recipient's takes what the others leave."""
    inner = Box(0, 0, canvas.width, canvas.height).inside(SAFE_MM)
    sender_lines = [line for run in _sender_runs(label) for line in lines_of(run, inner.width - 2 * FRAME_PADDING_MM)]
    sender_mm = min(sum(line.height_mm for line in sender_lines) + 2 * FRAME_PADDING_MM, SENDER_MM)
    recipient_mm = inner.height - HEAD_MM - SYMBOLS_MM - COLLECTING_MM - FIGURES_MM - sender_mm
    y = inner.y
    for draw, band_mm in (
        (_head, HEAD_MM),
        (_symbols, SYMBOLS_MM),
        (_recipient, recipient_mm),
        (_destination, COLLECTING_MM),
        (_figures, FIGURES_MM),
        (_sender, sender_mm),
    ):
        draw(canvas, Box(inner.x, y, inner.width, band_mm), label)
        y += band_mm
        if y < inner.bottom - 1:
            canvas.rule(inner.x, y, inner.width)


def _head(canvas: Canvas, box: Box, label: Label) -> None:
    mark = _mark(canvas, Box(box.x, box.y, MARK_MM, box.height - 1), label.mark, 34)
    if Option.ADVICE_OF_RECEIPT in label.options:
        mark = _mark(canvas, Box(mark.right + 1, box.y, ADVICE_MM, box.height - 1), ADVICE_MARK, 22)
    rest = Box(mark.right + 2, box.y, box.right - mark.right - 2, box.height - 1)
    service = f"{getattr(words('km').service, label.service)} · {getattr(words('en').service, label.service)}"
    posted = label.posted_at.astimezone(clock.LOCAL)
    office = label.office_of_posting
    canvas.texts(
        rest,
        [
            *([Run(void_mark(label.void_at), 13, 9, Weight.BOLD)] if label.void_at else []),
            Run(f"CTC Post · {service}", 10, 7, Weight.BOLD),
            Run(f"{_both('posted')}: {posted:%d/%m/%Y %H:%M} · {office.code}", 8, 6),
            Run(office.name_km, 8, 6),
            Run(office.name_en, 7, 6),
        ],
    )


def _mark(canvas: Canvas, box: Box, text: str, size_pt: float) -> Box:
    canvas.frame(box)
    canvas.centred(box.inside(0.5), [Run(text, size_pt, 20, Weight.BOLD, "C")])
    return box


def _symbols(canvas: Canvas, box: Box, label: Label) -> None:
    top = box.y + 1.5
    canvas.bars(box.x, top, label.item_number, BAR_HEIGHT_MM + 2.5)
    room = min(box.width - BARS_WIDTH_MM, box.height - 1.5)
    canvas.qr(box.right - room, box.y + 1, label.tracking_link, room)


def _recipient(canvas: Canvas, box: Box, label: Label) -> None:
    canvas.texts(
        box.inside(FRAME_PADDING_MM),
        [
            caption(_both("recipient")),
            Run(label.recipient.name, 15, 11, Weight.BOLD),
            Run(_phone(label.recipient, label), 14, 10, Weight.BOLD),
            *(Run(line, 11, 9) for line in label.recipient.address_lines),
            *([Run(english_name(label.recipient.country).upper(), 12, 9, Weight.BOLD)] if label.goes_abroad else []),
        ],
    )


def _destination(canvas: Canvas, box: Box, label: Label) -> None:
    office = label.collecting_office
    code = office.code if office else label.recipient.country
    names = (office.name_km, office.name_en) if office else (english_name(label.recipient.country),)
    where = "collect_at" if office else "destination"
    if Option.DOOR_DELIVERY in label.options:
        where = "to_the_door_from"
    inner = box.inside(FRAME_PADDING_MM)
    canvas.centred(Box(inner.x, inner.y, CODE_MM, inner.height), [Run(code, 38, 20, Weight.BOLD)])
    canvas.centred(
        Box(inner.x + CODE_MM + 2, inner.y, inner.width - CODE_MM - 2, inner.height),
        [caption(_both(where)), *(Run(name, 11, 8, Weight.BOLD) for name in names)],
    )


def _figures(canvas: Canvas, box: Box, label: Label) -> None:
    figures = [("weight", kilograms(label.weight_g))]
    if label.postage_to_collect:
        figures.append(("postage_to_collect", str(label.postage_to_collect)))
    if label.cash_on_delivery:
        figures.append(("cash_on_delivery", str(label.cash_on_delivery)))
    if label.insured_value:
        figures.append(("insured", str(label.insured_value)))
    width = box.width / len(figures)
    for index, (field, value) in enumerate(figures):
        cell = Box(box.x + index * width, box.y, width, box.height).inside(FRAME_PADDING_MM)
        canvas.texts(cell, [caption(_both(field)), Run(value, 16, 9, Weight.BOLD)])


def _sender(canvas: Canvas, box: Box, label: Label) -> None:
    canvas.texts(box.inside(FRAME_PADDING_MM), _sender_runs(label))


def _sender_runs(label: Label) -> list[Run]:
    return [
        caption(_both("sender")),
        Run(label.sender.name, 9, 7.5, Weight.BOLD, ending=f" · {_phone(label.sender, label)}"),
        Run(", ".join(label.sender.address_lines), 8, 7),
        *([Run(f"{_both('order')}: {label.order_reference}", 8, 7, Weight.BOLD)] if label.order_reference else []),
        *([Run(_instruction(label), 8, 7, Weight.BOLD)] if label.bears_instruction else []),
    ]


def _instruction(label: Label) -> str:
    """Return what becomes of it if undeliverable, the choice in the words of the post of destination."""
    caption_words = " · ".join(customs_words(language)["if_undeliverable"] for language in ("km", "en"))
    choice = customs_words("en")[label.if_undeliverable.value]
    return f"{caption_words}: {' '.join(filter(None, (choice, label.redirect_to)))}"


def _both(field: str) -> str:
    return " · ".join(getattr(words(language).label, field) for language in ("km", "en"))


def _phone(party: Party, label: Label) -> str:
    return party.phone_for("" if label.goes_abroad else party.country)
