"""Labels: every code reads back, nothing overlaps or leaves the safe zone, and staff find what they sort by."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from services.parcel.documents.domain.amounts import Amount, dollars, riel
from services.parcel.documents.domain.label import MARKS, Label, LabelFormat
from services.parcel.documents.domain.parties import Office, Party
from services.parcel.documents.drawing.canvas import SAFE_MM
from services.parcel.documents.drawing.labels import compose_labels, draw_labels
from services.parcel.posting.domain.non_delivery import IfUndeliverable
from services.parcel.pricing.domain.tariff import Option
from shared.contracts.parcel import Service
from shared.s10 import ItemNumber
from tests.parcel.documents.papers import (
    LINK,
    LONG_KHMER,
    LONG_LATIN,
    LONGEST,
    RESOLUTIONS,
    SEOUL,
    clashes,
    domestic_label,
    has_blank_edges,
    pages,
    scanned,
    text_of,
)

ABROAD = domestic_label(
    item_number=ItemNumber("RR", 47_312_482, "KH"),
    service="registered_letter",
    recipient=SEOUL,
    collecting_office=None,
    cash_on_delivery=None,
    insured_value=None,
    order_reference=None,
)
FULL = domestic_label(
    sender=LONGEST,
    recipient=LONGEST,
    order_reference=LONG_LATIN,
    collecting_office=Office("TK01ABCD", LONG_KHMER, LONG_LATIN),
)
WITH_OPTIONS = replace(ABROAD, service="small_packet", options=(Option.REGISTERED, Option.ADVICE_OF_RECEIPT))
FULL_WITH_OPTIONS = replace(FULL, options=tuple(Option))
REDIRECTED = replace(
    FULL,
    recipient=replace(LONGEST, country="KR"),
    collecting_office=None,
    if_undeliverable=IfUndeliverable.REDIRECT,
    redirect_to=LONG_LATIN,
)
FULL_OF_FIGURES = replace(
    FULL,
    weight_g=30_000,
    postage_to_collect=riel(1_250_000),
    cash_on_delivery=riel(12_500_000),
    insured_value=dollars(125_000),
)
LABELS = [domestic_label(), ABROAD, FULL, WITH_OPTIONS, FULL_WITH_OPTIONS, REDIRECTED, FULL_OF_FIGURES]
IDS = ["domestic", "abroad", "longest", "with options", "longest with options", "longest redirected", "all figures"]


@pytest.mark.parametrize("label_format", LabelFormat)
@pytest.mark.parametrize("label", LABELS, ids=IDS)
def test_a_scanner_reads_number_and_link(label: Label, label_format: LabelFormat) -> None:
    pdf = draw_labels([label], label_format)
    for dots_per_mm in RESOLUTIONS:
        (page,) = pages(pdf, dots_per_mm)
        assert scanned(page) == [("Code128", str(label.item_number)), ("QRCode", LINK)], dots_per_mm
        assert has_blank_edges(page, SAFE_MM, dots_per_mm), dots_per_mm


@pytest.mark.parametrize("label_format", LabelFormat)
@pytest.mark.parametrize("label", LABELS, ids=IDS)
def test_nothing_overlaps_or_leaves_the_safe_zone(label: Label, label_format: LabelFormat) -> None:
    canvas = compose_labels([label], label_format)
    assert len(canvas.placed[0]) > 12
    assert list(clashes(canvas, SAFE_MM)) == []


def test_a_domestic_label_says_where_it_waits_and_what_is_due() -> None:
    text = text_of(draw_labels([domestic_label()], LabelFormat.A6))
    for said in (
        "CP",
        "PD 100 000 051 KH",
        "TK01A",
        "CTC Angkor Borei",
        "097 123 4567",
        "012 345 678",
        "1.250 kg",
        "52,000",
        "$40.00",
        "ORD-2026-1129-004",
        "29/11/2026 15:30",
        "210208",
    ):
        assert said in text


@pytest.mark.parametrize("label_format", LabelFormat)
@pytest.mark.parametrize("cash_on_delivery", [None, riel(52_000)])
def test_a_label_says_what_postage_is_collected_beside_the_cash_on_delivery(
    cash_on_delivery: Amount | None, label_format: LabelFormat
) -> None:
    label = domestic_label(postage_to_collect=riel(6_800), cash_on_delivery=cash_on_delivery)
    text = text_of(draw_labels([label], label_format))
    assert "Postage to collect" in text
    assert "6,800" in text
    assert ("52,000" in text) is (cash_on_delivery is not None)
    assert "Postage to collect" not in text_of(draw_labels([domestic_label()], label_format))


def test_a_label_abroad_names_the_country_and_phones_as_dialled_there() -> None:
    text = text_of(draw_labels([ABROAD], LabelFormat.A6))
    for said in (" KR ", "SOUTH KOREA", "+82 10-1234-5678", "+855 12 345 678", "04320"):
        assert said in text
    assert "COD" not in text
    assert "Insured" not in text
    assert "Order" not in text
    assert text.startswith("R CTC Post")


@pytest.mark.parametrize("service", MARKS)
def test_every_service_has_its_mark_and_name(service: Service) -> None:
    text = text_of(draw_labels([domestic_label(service=service)], LabelFormat.A6))
    assert text.startswith(MARKS[service])


@pytest.mark.parametrize(
    ("options", "head"),
    [
        ((), "SP CTC Post"),
        ((Option.DOOR_DELIVERY,), "SP CTC Post"),
        ((Option.ADVICE_OF_RECEIPT,), "SP AR CTC Post"),
        ((Option.REGISTERED, Option.ADVICE_OF_RECEIPT), "R AR CTC Post"),
    ],
)
def test_what_is_owed_beside_the_carriage_stands_among_the_marks(options: tuple[Option, ...], head: str) -> None:
    label = domestic_label(service="small_packet", options=options)
    assert text_of(draw_labels([label], LabelFormat.A6)).startswith(head)


@pytest.mark.parametrize(
    ("options", "said", "unsaid"),
    [((), "Collect at", "TO THE DOOR"), ((Option.DOOR_DELIVERY,), "TO THE DOOR, from", "Collect at")],
)
def test_a_label_says_whether_it_waits_or_is_brought(options: tuple[Option, ...], said: str, unsaid: str) -> None:
    text = text_of(draw_labels([domestic_label(options=options)], LabelFormat.A6))
    assert said in text
    assert unsaid not in text


@pytest.mark.parametrize(
    ("choice", "redirect_to", "said"),
    [
        (IfUndeliverable.RETURN, None, None),
        (IfUndeliverable.ABANDON, None, "If the parcel cannot be delivered: Treat as abandoned"),
        (
            IfUndeliverable.REDIRECT,
            "Lee Jiho, Busan, KOREA",
            "If the parcel cannot be delivered: Redirect to Lee Jiho, Busan, KOREA",
        ),
    ],
)
def test_a_label_says_what_becomes_of_it_unless_it_comes_back(
    choice: IfUndeliverable, redirect_to: str | None, said: str | None
) -> None:
    label = replace(ABROAD, if_undeliverable=choice, redirect_to=redirect_to)
    text = text_of(draw_labels([label], LabelFormat.A6))
    squeezed = "".join(text.split())
    assert "".join(said.split()) in squeezed if said else "cannotbedelivered" not in squeezed, text


def test_many_labels_are_one_document_with_the_numbers_in_order() -> None:
    labels = [domestic_label(item_number=ItemNumber("PD", serial, "KH")) for serial in (3, 1, 2)]
    read = [scanned(page)[0][1] for page in pages(draw_labels(labels, LabelFormat.MM_100_150))]
    assert read == [str(label.item_number) for label in labels]


def test_the_same_label_gives_the_same_bytes() -> None:
    assert draw_labels([FULL], LabelFormat.A6) == draw_labels([FULL], LabelFormat.A6)


def test_a_name_of_letters_that_nobody_looked_at_is_printed_all_the_same() -> None:
    text = text_of(draw_labels([domestic_label(recipient=Party("李小龙 Lê", "+821012345678"))], LabelFormat.A6))
    assert "??? Lê" in text


def test_labels_drawn_at_the_same_time_are_the_same_as_one_by_one() -> None:
    with ThreadPoolExecutor(3) as pool:
        drawn = list(pool.map(lambda label: draw_labels([label], LabelFormat.A6), LABELS))
    assert drawn == [draw_labels([label], LabelFormat.A6) for label in LABELS]
