"""The one receipt of many parcels, and the slip on a sack, on rolls of 80 and 58 mm."""

from services.parcel.documents.domain.amounts import dollars, riel
from services.parcel.documents.domain.receipt import Roll
from services.parcel.documents.domain.sack_label import SackLabel
from services.parcel.documents.domain.sitting_receipt import ReceiptLine, SittingReceipt
from services.parcel.documents.domain.weights import kilograms
from services.parcel.documents.domain.wording import Words as Wording
from services.parcel.documents.domain.wording import words
from services.parcel.documents.drawing.fonts import Weight
from services.parcel.documents.drawing.lettering import Run
from services.parcel.documents.drawing.receipts import MARGIN_MM, NOTE_PT, PRINTED_MM, QR_ROOM_MM, SHRUNK, TEXT_PT
from services.parcel.documents.drawing.rows import Named, Qr, Row, Rule, Words, compose_rows
from shared import clock

NUMBERS_IN_A_ROW = 4


def draw_sitting_receipt(receipt: SittingReceipt, roll: Roll) -> bytes:
    """Draw the receipt of a sitting as PDF."""
    rows: list[Row] = [*_head(receipt), *(_line(line) for line in receipt.lines), Rule(), *_foot(receipt)]
    return compose_rows(rows, receipt.sitting_id, receipt.paid_at, PRINTED_MM[roll], MARGIN_MM).pdf()


def draw_sack_label(label: SackLabel, roll: Roll) -> bytes:
    """Draw the slip of a sack as PDF.

    Raises: LinkTooLong.
    """
    made = label.made_at.astimezone(clock.LOCAL)
    rows: list[Row] = [
        _centred("CTC Post", 14, Weight.BOLD),
        _centred(" · ".join(one.sack.title for one in _both()), 11, Weight.BOLD),
        *([_centred(label.label, 11, Weight.BOLD)] if label.label else []),
        _centred(f"{made:%d/%m/%Y %H:%M}", TEXT_PT),
        Rule(),
        Qr(label.code, QR_ROOM_MM),
        _centred(" · ".join(one.sack.scan for one in _both()), NOTE_PT),
        Rule(),
        Named(" · ".join(one.sack.hand_in for one in _both()), f"{label.office.code} {label.office.name_km}", TEXT_PT),
        Named(" · ".join(one.sack.parcels for one in _both()), str(len(label.numbers)), TEXT_PT),
        *(
            _centred("   ".join(label.numbers[first : first + NUMBERS_IN_A_ROW]), NOTE_PT)
            for first in range(0, len(label.numbers), NUMBERS_IN_A_ROW)
        ),
    ]
    return compose_rows(rows, label.code, label.made_at, PRINTED_MM[roll], MARGIN_MM).pdf()


def _head(receipt: SittingReceipt) -> list[Row]:
    paid = receipt.paid_at.astimezone(clock.LOCAL)
    count = str(len(receipt.lines))
    return [
        _centred("CTC Post", 14, Weight.BOLD),
        _centred(receipt.office.name_km, TEXT_PT),
        _centred(f"{receipt.office.name_en} · {receipt.office.code}", TEXT_PT),
        *(_centred(one.sitting.title.format(number=count), 10, Weight.BOLD) for one in _both()),
        *(_reprint(receipt.print_no) if receipt.print_no > 1 else []),
        _centred(f"{paid:%d/%m/%Y %H:%M}", TEXT_PT),
        Rule(),
    ]


def _reprint(print_no: int) -> list[Row]:
    texts = [one.receipt.reprint.format(number=print_no) for one in _both()]
    return [_centred(text, TEXT_PT, Weight.BOLD) for text in texts]


def _line(line: ReceiptLine) -> Row:
    said = f"{line.item_number} · {line.destination} · {kilograms(line.weight_g)}"
    if line.paid_riel is None:
        return Named(said, " · ".join(one.sitting.not_paid_here for one in _both()), NOTE_PT)
    return Named(said, str(riel(line.paid_riel)), NOTE_PT)


def _foot(receipt: SittingReceipt) -> list[Row]:
    method = " · ".join(dict.fromkeys(getattr(one.sitting, receipt.method.value) for one in _both()))
    return [
        Named(" · ".join(one.receipt.total for one in _both()), str(riel(receipt.total_riel)), 12, Weight.BOLD),
        *_in_dollars(receipt),
        Named(" · ".join(one.sitting.paid_with for one in _both()), method, TEXT_PT),
        *([_centred(one.receipt.sample, TEXT_PT, Weight.BOLD) for one in _both()] if receipt.sample else []),
        Rule(),
        *(Words(Run(one.sitting.follow.format(url=receipt.follow_at), NOTE_PT, NOTE_PT)) for one in _both()),
        *(
            [_centred(one.receipt.ask.format(phone=receipt.ask_phone), NOTE_PT) for one in _both()]
            if receipt.ask_phone
            else []
        ),
        *(Words(Run(one.receipt.never_asks, NOTE_PT, NOTE_PT)) for one in _both()),
        *(_centred(one.receipt.keep, NOTE_PT) for one in _both()),
    ]


def _in_dollars(receipt: SittingReceipt) -> list[Row]:
    if receipt.total_usd_cents is None or receipt.riel_per_usd is None:
        return []
    rate = f"{receipt.riel_per_usd:,}"
    return [
        Named(
            " · ".join(one.receipt.in_usd for one in _both()), str(dollars(receipt.total_usd_cents)), 10, Weight.BOLD
        ),
        *(Words(Run(one.receipt.rate.format(riel=rate), NOTE_PT, NOTE_PT)) for one in _both()),
    ]


def _both() -> tuple[Wording, Wording]:
    return words("km"), words("en")


def _centred(text: str, size_pt: float, weight: Weight = Weight.REGULAR) -> Words:
    return Words(Run(text, size_pt, SHRUNK * min(size_pt, TEXT_PT), weight, "C"))
