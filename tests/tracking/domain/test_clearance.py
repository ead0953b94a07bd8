"""Which scans need clearance, and what stands against them."""

from datetime import datetime, timedelta

import pytest

from services.tracking.domain.clearance import Clearance, hindrance, needs_clearance
from services.tracking.domain.event_codes import SCANNED_CODES, EventCode
from tests.tracking.scans import NOON, NUMBER, scan

OURS = "EE700000000KH"
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(("number", "codes"), [(OURS, [EventCode.EMC, EventCode.EMI]), (NUMBER, [EventCode.EMI])])
def test_ours_need_it_to_leave_and_others_to_be_handed_over(number: str, codes: list[EventCode]) -> None:
    assert [code for code in sorted(SCANNED_CODES) if needs_clearance(scan(code, item_number=number))] == codes


@pytest.mark.parametrize(
    ("clearance", "slug"),
    [
        (Clearance(), "advance-data-incomplete"),
        (Clearance("KR", "ems"), "advance-data-incomplete"),
        (Clearance("KR", "small_packet"), "advance-data-incomplete"),
        (Clearance("KR", "registered_letter"), None),
        (Clearance("KR", "parcel", advance_data_complete=True), None),
        (Clearance(advance_data_complete=True), None),
        (Clearance("KH", "parcel"), None),
        (Clearance("KR", "parcel", advance_data_complete=True, charges_due_since=NOON), None),
    ],
    ids=str,
)
def test_an_item_leaves_with_complete_advance_data_or_where_none_are_asked(
    clearance: Clearance, slug: str | None
) -> None:
    found = hindrance(scan(EventCode.EMC, item_number=OURS), clearance)
    assert (found and found.slug) == slug


@pytest.mark.parametrize(
    ("clearance", "slug"),
    [
        (Clearance(), None),
        (Clearance(charges_due_since=NOON), "charges-unpaid"),
        (Clearance(advance_data_complete=True), None),
    ],
    ids=str,
)
def test_an_item_is_handed_over_when_nothing_is_due(clearance: Clearance, slug: str | None) -> None:
    found = hindrance(scan(EventCode.EMI), clearance)
    assert (found and found.slug) == slug


ENDED = NOON.replace(year=2024)
AGAIN = NOON.replace(year=2025)


@pytest.mark.parametrize(
    ("told_at", "scanned_at", "ended_at", "due"),
    [
        (ENDED, NOON, (), True),
        (ENDED, NOON, (ENDED,), False),
        (AGAIN - SECOND, NOON, (ENDED,), False),
        (AGAIN, NOON, (ENDED,), True),
        (ENDED, AGAIN - SECOND, (ENDED,), True),
        (ENDED, AGAIN, (ENDED,), False),
        (AGAIN, NOON, (ENDED, NOON), True),
        (AGAIN, NOON.replace(year=2027), (ENDED, NOON), False),
    ],
    ids=str,
)
def test_what_was_due_on_the_item_that_had_a_number_before_is_not_due_on_the_next(
    told_at: datetime, scanned_at: datetime, ended_at: tuple[datetime, ...], due: bool
) -> None:
    assert Clearance(charges_due_since=told_at, ended_at=ended_at).charges_due(scanned_at) is due
