"""CN 23 with the dispatch note, on one sheet or more."""

import pytest

from services.parcel.customs.domain.declaration import Category, ContentLine
from services.parcel.documents.domain.customs_paper import CustomsPaper
from services.parcel.documents.drawing.canvas import SAFE_MM, Canvas
from services.parcel.documents.drawing.cn23 import FIRST_ROWS, FURTHER_ROWS, MARGIN_MM, compose_cn23, draw_cn23
from services.parcel.posting.domain.non_delivery import IfUndeliverable
from tests.parcel.documents.papers import (
    LONG_KHMER,
    LONG_LATIN,
    LONGEST,
    RESOLUTIONS,
    clashes,
    customs_paper,
    has_blank_edges,
    pages,
    scanned,
    text_of,
)

FULL = customs_paper(
    sender=LONGEST,
    recipient=LONGEST,
    category=Category.OTHER,
    explanation=LONG_LATIN,
    comments=LONG_LATIN,
    invoice_number=LONG_LATIN,
    sender_reference=LONG_LATIN,
    importer_reference=LONG_KHMER,
    lines=(ContentLine(LONG_LATIN, 10_000, 29_999, 1_000_000_00, "6214100000", "FM"),) * 7,
    licence_number=LONG_LATIN,
    certificate_number=LONG_KHMER,
    if_undeliverable=IfUndeliverable.REDIRECT,
    redirect_to=LONG_KHMER,
)


@pytest.mark.parametrize(("count", "sheets"), [(FIRST_ROWS, 1), (FIRST_ROWS + 1, 2)])
def test_a_scanner_reads_the_item_on_every_sheet(count: int, sheets: int) -> None:
    pdf, code = draw_cn23(customs_paper(count)), ("Code128", "CP100000017KH")
    for dots_per_mm in RESOLUTIONS:
        drawn = pages(pdf, dots_per_mm)
        assert [scanned(page) for page in drawn] == [[code, code]] + [[code]] * (sheets - 1), dots_per_mm
        assert all(has_blank_edges(page, SAFE_MM, dots_per_mm) for page in drawn), dots_per_mm


@pytest.mark.parametrize("one", [customs_paper(), customs_paper(40), FULL], ids=["usual", "many lines", "longest"])
def test_nothing_overlaps_or_leaves_the_margin(one: CustomsPaper) -> None:
    assert list(clashes(compose_cn23(one), MARGIN_MM)) == []


def test_it_says_all_that_customs_ask_for() -> None:
    text = text_of(draw_cn23(customs_paper()))
    for said in (
        "CN 23",
        "SOK Chandara",
        "Kim Minji",
        "SOUTH KOREA",
        "+82 10-1234-5678",
        "minji@example.org",
        "P123456789012",
        "Silk scarf",
        "6214.10",
        "(4) Total gross weight / Poids brut total",
        "2.150 kg",
        "49.00 USD",
        "31.50 USD",
        "INV-77",
        "Plant product, dried",
        "TK02A CTC Bati 1",
        "29/11/2026",
        "CP 72",
        "1/1",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("count", "sheets"), [(1, 1), (FIRST_ROWS + FURTHER_ROWS, 2), (FIRST_ROWS + FURTHER_ROWS + 1, 3)]
)
def test_it_takes_as_many_sheets_as_its_lines_need(count: int, sheets: int) -> None:
    assert len(compose_cn23(customs_paper(count)).placed) == sheets


def test_every_line_stands_on_a_sheet() -> None:
    assert text_of(draw_cn23(customs_paper(40))).count("Palm sugar, 500 g bag") == 20


@pytest.mark.parametrize("choice", IfUndeliverable)
def test_exactly_what_the_sender_chose_is_ticked(choice: IfUndeliverable, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []
    monkeypatch.setattr(Canvas, "tick_box", lambda *_, ticked: seen.append(ticked))
    compose_cn23(customs_paper(if_undeliverable=choice, redirect_to="Busan"))

    assert seen[-len(IfUndeliverable) :] == [one is choice for one in IfUndeliverable]
    assert sum(seen) == 2, "the category, and what becomes of it"


def test_a_parcel_to_redirect_says_where() -> None:
    told = customs_paper(if_undeliverable=IfUndeliverable.REDIRECT, redirect_to="Busan, Haeundae-gu 12")
    text = text_of(draw_cn23(told))
    assert text.index("Redirect to") < text.index(": Busan, Haeundae-gu 12")
