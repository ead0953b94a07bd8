"""The dated lists of reasons: what stands in them, and by which day they are read."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.tracking.domain import reasons
from services.tracking.domain.event_codes import Datum, EventCode
from services.tracking.domain.plausibility import problems_of
from services.tracking.domain.reasons import FILES, Choice, Reasons, editions, lists_on
from shared.contracts.states import CustomerState
from shared.editions import EditionProblem
from tests.tracking.scans import scan

KHMER = range(0x1780, 0x1800)
ENTRIES = [
    choice
    for edition in editions().by_version.values()
    for which in Reasons
    for choice in edition.choices(which).values()
]


@pytest.fixture
def two_editions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the post confirm another list from the first of July 2026 on, in which 11 is the code of a lost item."""
    (first,) = (json.loads(path.read_text()) for path in FILES.glob("*.json"))
    second = first | {"version": "confirmed", "valid_from": "2026-07-01", "provisional": False}
    second["non_delivery_reasons"] = {"11": {"km": "បាត់", "en": "Lost", "leads_to": "lost"}}
    for edition in (first | {"valid_until": "2026-06-30"}, second):
        (tmp_path / f"{edition['version']}.json").write_text(json.dumps(edition))
    monkeypatch.setattr(reasons, "FILES", tmp_path)
    editions.cache_clear()
    yield
    editions.cache_clear()


@pytest.mark.parametrize("choice", ENTRIES, ids=lambda choice: choice.en)
def test_an_entry_is_khmer_in_khmer_and_ascii_in_english(choice: Choice) -> None:
    assert any(ord(letter) in KHMER for letter in choice.km)
    assert choice.en.isascii()


def test_what_nobody_confirmed_says_so_and_where_it_is_from() -> None:
    for edition in editions().by_version.values():
        assert edition.provisional
        assert "17 is confirmed" in edition.source
        assert set(edition.non_delivery_reasons) == {str(code) for code in range(11, 30)}


def test_the_lists_of_the_day_of_a_scan_say_what_it_may_hold_and_leads_to(two_editions: None) -> None:
    before, after = (
        scan(EventCode.EMH, at=datetime(2026, month, day, hour, tzinfo=UTC), reason="11", action="again-today")
        for month, day, hour in ((6, 30, 16), (6, 30, 17))
    )

    assert (before.leads_to, after.leads_to) == (CustomerState.ATTEMPT_FAILED, CustomerState.LOST)
    assert "29" in before.choices(Datum.REASON)
    assert list(after.choices(Datum.REASON)) == ["11"]
    gone = scan(EventCode.EMH, at=after.device_time, reason="29", action="again-today")
    assert [problem.code for problem in problems_of(gone, {"TK01"}, after.device_time)] == ["unknown-value"]


def test_a_day_before_every_edition_is_read_by_the_first_and_one_behind_by_the_last(two_editions: None) -> None:
    assert lists_on(date(1970, 1, 1)).version == "2026-01-provisional"
    assert lists_on(date(2199, 1, 1)).version == "confirmed"


def test_a_post_without_any_list_is_not_begun_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons, "FILES", tmp_path)
    editions.cache_clear()
    try:
        with pytest.raises(EditionProblem):
            lists_on(date(2026, 1, 1))
    finally:
        editions.cache_clear()
