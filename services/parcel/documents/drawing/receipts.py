"""Receipts of posting on rolls of 80 and 58 mm; the paper is as long as the text."""

from services.parcel.documents.domain.amounts import dollars, riel
from services.parcel.documents.domain.receipt import Receipt, Roll
from services.parcel.documents.domain.void_mark import void_mark
from services.parcel.documents.domain.weights import kilograms
from services.parcel.documents.domain.wording import customs_words, words
from services.parcel.documents.drawing.canvas import Canvas
from services.parcel.documents.drawing.fonts import Weight
from services.parcel.documents.drawing.lettering import Run
from services.parcel.documents.drawing.rows import Bars, Named, Qr, Row, Rule, Words, compose_rows
from services.parcel.documents.drawing.symbols import BARS_WIDTH_MM
from services.parcel.posting.domain.non_delivery import IfUndeliverable
from services.parcel.pricing.domain.quote import UsdTotal
from shared import clock

PRINTED_MM = {Roll.MM_80: 72.0, Roll.MM_58: 48.0}
"""576 and 384 dots of a 203 dpi head."""
MARGIN_MM = 2.0
QR_ROOM_MM = 30.0
TEXT_PT = 8.5
NOTE_PT = 8.0
SHRUNK = 0.9
"""So far a line shrinks rather than leave one word for the next."""


def draw_receipt(receipt: Receipt, roll: Roll) -> bytes:
    """Draw a receipt as PDF; its width is the printed one, not the paper's.

    Raises: LinkTooLong.
    """
    return compose_receipt(receipt, roll).pdf()


def compose_receipt(receipt: Receipt, roll: Roll) -> Canvas:
    """Lay a receipt out."""
    width = PRINTED_MM[roll]
    # On narrow paper the bars would be too fine to scan; the QR code tells the same.
    wide = width - 2 * MARGIN_MM >= BARS_WIDTH_MM
    rows: list[Row] = [*_head(receipt), *_item(receipt, wide=wide), *_prices(receipt), *_notes(receipt)]
    return compose_rows(rows, receipt.item_number.grouped, receipt.paid_at, width, MARGIN_MM)


def _head(receipt: Receipt) -> list[Row]:
    paid = receipt.paid_at.astimezone(clock.LOCAL)
    return [
        _centred("CTC Post", 14, Weight.BOLD),
        _centred(receipt.office.name_km, TEXT_PT),
        _centred(f"{receipt.office.name_en} · {receipt.office.code}", TEXT_PT),
        _centred(_both("title"), 11, Weight.BOLD),
        *([_centred(void_mark(receipt.void_at), 13, Weight.BOLD)] if receipt.void_at else []),
        *(_reprint(receipt.print_no) if receipt.print_no > 1 else []),
        _centred(f"{paid:%d/%m/%Y %H:%M}", TEXT_PT),
        Rule(),
    ]


def _reprint(print_no: int) -> list[Row]:
    return [_centred(text, TEXT_PT, Weight.BOLD) for text in _each("reprint", number=str(print_no))]


def _item(receipt: Receipt, *, wide: bool) -> list[Row]:
    number: list[Row] = (
        [Bars(receipt.item_number)]
        if wide
        else [_centred(_both("item"), NOTE_PT), _centred(receipt.item_number.grouped, 13, Weight.BOLD)]
    )
    return [
        *number,
        Named(_both("service"), _two("service", receipt.service), TEXT_PT),
        Named(_both("sender"), receipt.sender, TEXT_PT),
        Named(_both("recipient"), receipt.recipient, TEXT_PT),
        Named(_both("destination"), receipt.destination, TEXT_PT),
        Named(_both("weight"), kilograms(receipt.weight_g), TEXT_PT),
        *([Named(_both("collected"), str(receipt.cash_on_delivery), TEXT_PT)] if receipt.cash_on_delivery else []),
        *([Named(_both("insured"), str(receipt.insured_value), TEXT_PT)] if receipt.insured_value else []),
        *(_if_undeliverable(receipt.if_undeliverable, receipt.redirect_to) if receipt.if_undeliverable else []),
        Rule(),
    ]


def _if_undeliverable(choice: IfUndeliverable, redirect_to: str | None) -> list[Row]:
    said: list[Row] = [Named(_of_customs("if_undeliverable"), _of_customs(choice.value), TEXT_PT)]
    return [*said, Words(Run(redirect_to, TEXT_PT, TEXT_PT, align="R"))] if redirect_to else said


def _prices(receipt: Receipt) -> list[Row]:
    price = receipt.price
    return [
        *(Named(_two("price", line.code.value), str(riel(line.amount_riel)), TEXT_PT) for line in price.lines),
        Rule(),
        Named(_both("total"), str(riel(price.total_riel)), 12, Weight.BOLD),
        *(_in_dollars(price.usd) if price.usd else []),
        *(Words(Run(text, NOTE_PT, NOTE_PT)) for text in _each("rounded", riel=f"{price.rounded_to_riel:,}")),
        Named(_both("payer"), _two("payer", receipt.payer.value), TEXT_PT),
        # With these, the lines and the rate anybody can reckon the price again.
        Named(_both("zone"), _two("zone", price.zone), NOTE_PT),
        Named(_both("counted_weight"), kilograms(price.chargeable_weight_g), NOTE_PT),
        Named(_both("tariff"), price.tariff_version, NOTE_PT),
        *([_centred(text, TEXT_PT, Weight.BOLD) for text in _each("sample")] if price.sample else []),
        Rule(),
    ]


def _in_dollars(total: UsdTotal) -> list[Row]:
    rates = [f"{text} ({total.rate_day:%d/%m/%Y})" for text in _each("rate", riel=f"{total.riel_per_usd:,}")]
    return [
        Named(_both("in_usd"), str(dollars(total.amount_cents)), 10, Weight.BOLD),
        *(Words(Run(rate, NOTE_PT, NOTE_PT)) for rate in rates),
    ]


def _notes(receipt: Receipt) -> list[Row]:
    return [
        Qr(receipt.tracking_link, QR_ROOM_MM),
        *(_centred(text, NOTE_PT, Weight.BOLD) for text in _each("track")),
        *([_centred(text, NOTE_PT) for text in _each("ask", phone=phone)] if (phone := receipt.ask_phone) else []),
        Rule(),
        *(Words(Run(text, NOTE_PT, NOTE_PT)) for text in _each("never_asks")),
        *(_centred(text, NOTE_PT) for text in _each("keep")),
    ]


def _both(field: str) -> str:
    return " · ".join(_each(field))


def _two(section: str, word: str) -> str:
    return " · ".join(getattr(getattr(words(language), section), word) for language in ("km", "en"))


def _of_customs(field: str) -> str:
    return " · ".join(customs_words(language)[field] for language in ("km", "en"))


def _each(field: str, **values: str) -> list[str]:
    return [getattr(words(language).receipt, field).format(**values) for language in ("km", "en")]


def _centred(text: str, size_pt: float, weight: Weight = Weight.REGULAR) -> Words:
    return Words(Run(text, size_pt, SHRUNK * min(size_pt, TEXT_PT), weight, "C"))
