"""Since when papers are void, and what they say then."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.parcel.documents.domain.label import LabelFormat
from services.parcel.documents.domain.receipt import Roll
from services.parcel.documents.domain.void_mark import void_mark, void_since
from services.parcel.documents.drawing.canvas import SAFE_MM
from services.parcel.documents.drawing.cn22 import compose_cn22, draw_cn22
from services.parcel.documents.drawing.cn23 import MARGIN_MM, compose_cn23, draw_cn23
from services.parcel.documents.drawing.labels import compose_labels, draw_labels
from services.parcel.documents.drawing.receipts import draw_receipt
from services.parcel.pricing.domain.void_request import VoidRequest
from tests.parcel.documents.domain.test_parcel_papers import PARCEL
from tests.parcel.documents.papers import clashes, customs_paper, domestic_label, pages, receipt, scanned, text_of

LATE = datetime(2026, 11, 29, 18, 30, tzinfo=UTC)
"""The day after, in Cambodia."""
VOIDED = VoidRequest(UUID(int=1), "PD100000051KH", "TK01A", "void", 10_000, "KHR", "typed twice", "a", LATE, "b", LATE)
GRANTED = replace(VOIDED, decision="granted")
SAID = "VOID 30/11/2026"
PAPERS = {
    "label": (
        draw_labels([domestic_label()], LabelFormat.A6),
        draw_labels([domestic_label(void_at=LATE)], LabelFormat.A6),
    ),
    "80 mm": (draw_receipt(receipt(), Roll.MM_80), draw_receipt(receipt(void_at=LATE), Roll.MM_80)),
    "58 mm": (draw_receipt(receipt(), Roll.MM_58), draw_receipt(receipt(void_at=LATE), Roll.MM_58)),
    "CN 22": (draw_cn22(customs_paper()), draw_cn22(customs_paper(void_at=LATE))),
    "CN 23": (draw_cn23(customs_paper()), draw_cn23(customs_paper(void_at=LATE))),
}


@pytest.mark.parametrize(
    ("cancelled_at", "requests", "since"),
    [
        (None, [], None),
        (LATE, [], LATE),
        (None, [GRANTED], LATE),
        (LATE - timedelta(days=1), [GRANTED], LATE - timedelta(days=1)),
        (None, [replace(GRANTED, kind="refund")], None),
        (None, [replace(VOIDED, decision="refused")], None),
        (None, [replace(VOIDED, decided_at=None)], None),
    ],
)
def test_papers_are_void_from_the_first_day_on(
    cancelled_at: datetime | None, requests: list[VoidRequest], since: datetime | None
) -> None:
    assert void_since(replace(PARCEL, cancelled_at=cancelled_at), requests) == since


def test_the_mark_speaks_khmer_and_names_the_day_in_cambodia() -> None:
    assert void_mark(LATE) == "មោឃៈ · VOID 30/11/2026"


@pytest.mark.parametrize("paper", PAPERS)
def test_every_paper_says_that_it_is_void(paper: str) -> None:
    valid, void = PAPERS[paper]
    assert "VOID" not in text_of(valid)
    assert SAID in text_of(void)
    assert scanned(pages(void)[0]) == scanned(pages(valid)[0])


def test_both_halves_of_the_large_form_say_it() -> None:
    assert text_of(PAPERS["CN 23"][1]).count(SAID) == 2


@pytest.mark.parametrize("size", LabelFormat)
def test_the_mark_stands_on_nothing_else(size: LabelFormat) -> None:
    label = domestic_label(void_at=LATE)
    for canvas, margin in (
        (compose_labels([label], size), SAFE_MM),
        (compose_cn22(customs_paper(4, void_at=LATE)), SAFE_MM),
        (compose_cn23(customs_paper(8, void_at=LATE)), MARGIN_MM),
    ):
        assert not list(clashes(canvas, margin))
