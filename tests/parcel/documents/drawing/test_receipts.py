"""Receipts: as wide as the print head, as long as the text, with what a customer must know."""

from dataclasses import replace

import pytest

from services.parcel.documents.domain.amounts import dollars, riel
from services.parcel.documents.domain.receipt import Receipt, Roll
from services.parcel.documents.domain.wording import words
from services.parcel.documents.drawing.lettering import Run, lines_of
from services.parcel.documents.drawing.rasterising import DOTS_PER_MM_203
from services.parcel.documents.drawing.receipts import (
    MARGIN_MM,
    NOTE_PT,
    PRINTED_MM,
    compose_receipt,
    draw_receipt,
)
from services.parcel.posting.domain.non_delivery import IfUndeliverable
from services.parcel.pricing.domain.quote import Line, LineCode
from tests.parcel.documents.papers import (
    LINK,
    LONG_KHMER,
    LONG_LATIN,
    PRICE,
    RESOLUTIONS,
    clashes,
    has_blank_edges,
    pages,
    receipt,
    scanned,
    text_of,
)

DOTS = {Roll.MM_80: 576, Roll.MM_58: 384}
CODES = {Roll.MM_80: [("Code128", "PD100000051KH"), ("QRCode", LINK)], Roll.MM_58: [("QRCode", LINK)]}
LONG = receipt(
    sender=LONG_KHMER,
    recipient=LONG_LATIN,
    destination=f"TK01A {LONG_KHMER}",
    price=replace(PRICE, lines=tuple(Line(code, 100_000) for code in LineCode)),
    cash_on_delivery=riel(1_250_000),
    insured_value=dollars(100_000),
    if_undeliverable=IfUndeliverable.REDIRECT,
    redirect_to=LONG_LATIN,
    print_no=12,
)


@pytest.mark.parametrize("roll", Roll)
def test_a_scanner_reads_a_receipt(roll: Roll) -> None:
    pdf = draw_receipt(receipt(), roll)
    for dots_per_mm in RESOLUTIONS:
        (page,) = pages(pdf, dots_per_mm)
        assert scanned(page) == CODES[roll], dots_per_mm
        assert has_blank_edges(page, MARGIN_MM, dots_per_mm), dots_per_mm


@pytest.mark.parametrize("roll", Roll)
def test_a_receipt_is_as_wide_as_the_head_and_grows_with_its_text(roll: Roll) -> None:
    (short,), (long,) = (pages(draw_receipt(one, roll), DOTS_PER_MM_203) for one in (receipt(), LONG))
    assert short.width == long.width == DOTS[roll]
    assert short.mode == "1"
    assert long.height > short.height + 250


@pytest.mark.parametrize("roll", Roll)
@pytest.mark.parametrize("one", [receipt(), LONG], ids=["usual", "long"])
def test_nothing_overlaps_or_leaves_the_printed_width(roll: Roll, one: Receipt) -> None:
    assert list(clashes(compose_receipt(one, roll), MARGIN_MM)) == []


@pytest.mark.parametrize("roll", Roll)
def test_a_receipt_says_what_was_paid_and_how_it_was_reckoned(roll: Roll) -> None:
    text = text_of(draw_receipt(receipt(), roll))
    for said in (
        "PD 100 000 051 KH",
        "29/11/2026 15:30",
        "TK02A",
        "6,000",
        "COD fee",
        "Door delivery",
        "9,600",
        "$2.40",
        "1 USD = 4,015",
        "nearest 100",
        "Sender",
        "sample-2026-11",
        "SAMPLE TARIFF",
        "023 42 80 80",
        "never asks",
        "1.250 kg",
        "Nearby province",
    ):
        assert said in text


@pytest.mark.parametrize("roll", Roll)
@pytest.mark.parametrize("field", ["rounded", "never_asks", "sample"])
def test_no_english_note_ends_in_a_line_of_one_word(field: str, roll: Roll) -> None:
    text = getattr(words("en").receipt, field).format(riel="100")
    lines = lines_of(Run(text, NOTE_PT, NOTE_PT), PRINTED_MM[roll] - 2 * MARGIN_MM)
    assert " " in lines[-1].text.strip()


def test_only_a_sample_tariff_is_called_so_and_dollars_wait_for_a_rate() -> None:
    text = text_of(draw_receipt(receipt(price=replace(PRICE, sample=False, usd=None)), Roll.MM_80))
    assert "SAMPLE" not in text
    assert "$" not in text
    assert "9,600" in text


def test_a_receipt_printed_again_says_so_in_both_languages() -> None:
    first, second = (text_of(draw_receipt(receipt(print_no=number), Roll.MM_80)) for number in (1, 2))
    assert "Reprint" not in first
    assert "Reprint 2" in second
    assert second.count("2 Reprint 2") == 1, "the Khmer line stands before the English one"


def test_what_is_collected_and_insured_is_said_where_there_is_something() -> None:
    one = receipt(cash_on_delivery=riel(52_000), insured_value=dollars(4_000))
    text, plain = (text_of(draw_receipt(each, Roll.MM_58)) for each in (one, receipt()))
    assert "52,000" in text
    assert "$40.00" in text
    assert "To collect" in text
    assert "Insured" not in plain
    assert "To collect" not in plain


def test_nobody_is_named_to_ask_where_nobody_is_known() -> None:
    assert "Questions" not in text_of(draw_receipt(receipt(ask_phone=None), Roll.MM_80))


def test_the_same_receipt_gives_the_same_bytes() -> None:
    assert draw_receipt(LONG, Roll.MM_58) == draw_receipt(LONG, Roll.MM_58)


@pytest.mark.parametrize("roll", Roll)
def test_a_receipt_says_what_becomes_of_a_parcel_abroad_if_it_cannot_be_delivered(roll: Roll) -> None:
    at_home = text_of(draw_receipt(receipt(), roll))
    comes_back = text_of(draw_receipt(receipt(if_undeliverable=IfUndeliverable.RETURN), roll))
    elsewhere = receipt(if_undeliverable=IfUndeliverable.REDIRECT, redirect_to="Lee Jiho, Busan, KOREA")
    redirected = text_of(draw_receipt(elsewhere, roll))

    assert "cannot be delivered" not in at_home
    assert "Return to sender" in comes_back
    assert "Redirect to" in redirected
    assert "Lee Jiho, Busan, KOREA" in redirected
