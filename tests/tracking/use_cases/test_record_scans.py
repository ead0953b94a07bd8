"""Counters' scans: each with its own result, in the order sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.scan import Scan
from services.tracking.use_cases.open_journeys import open_journeys
from services.tracking.use_cases.record_scans import Result, record_scans
from services.tracking.use_cases.remember_advance_data import remember_advance_data
from services.tracking.use_cases.remember_charges import remember_charges
from shared.contracts.parcel import ParcelAdvanceDataCompletedV1, ParcelChargesSetV1
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from tests.tracking import told
from tests.tracking.scans import NOON, NUMBER, OTHER_NUMBER, scan
from tests.tracking.use_cases.test_open_journeys import registered

OFFICES = {"TK01", "TK02"}
OURS = "EE700000000KH"
CLOSED, HANDED_OVER = EventCode.EMC, EventCode.EMI


async def outcomes(database: Database, scans: Sequence[Scan], at: datetime = NOON) -> list[str]:
    """Record scans; returns the result of each, in place of a refusal its codes."""
    async with database.transaction() as tx:
        results = await record_scans(tx, Outbox("tracking"), scans, OFFICES, at)
    return [" ".join(problem.code for problem in one.problems) or one.result.value for one in results]


async def register(database: Database, destination_country: str = "KR", **values: object) -> None:
    async with database.transaction() as tx:
        event = registered(item_number=OURS, destination_country=destination_country, **values)
        await open_journeys(tx, Outbox("tracking"), [event], NOON)


async def complete(database: Database) -> None:
    completed = ParcelAdvanceDataCompletedV1(item_number=OURS, declaration_version=1, completed_at=NOON)
    async with database.transaction() as tx:
        await remember_advance_data(tx, [completed, completed])


async def charge(
    database: Database, *told: tuple[int, Literal["due", "paid"]], number: str = NUMBER, at: datetime = NOON
) -> None:
    events = [
        ParcelChargesSetV1(item_number=number, version=version, charges=charges, time=at) for version, charges in told
    ]
    async with database.transaction() as tx:
        await remember_charges(tx, events)


async def test_one_bad_scan_does_not_hinder_the_others(tracking_db: Database) -> None:
    good = scan(EventCode.EDD)
    bad = scan(EventCode.EME, item_number=OTHER_NUMBER)
    async with tracking_db.transaction() as tx:
        results = await record_scans(tx, Outbox("tracking"), [bad, good, good], OFFICES, NOON)
        events = await told.events(tx)

    assert [one.result for one in results] == [Result.REFUSED, Result.RECORDED, Result.ALREADY_RECORDED]
    assert [one.state for one in results] == [None, CustomerState.IN_TRANSIT, CustomerState.IN_TRANSIT]
    assert [problem.field for problem in results[0].problems] == ["retention_reason"]
    assert [event.item_number for event in events] == [good.item_number]


async def test_a_scan_id_used_for_another_scan_is_refused(tracking_db: Database) -> None:
    first = scan(EventCode.EDD)
    async with tracking_db.transaction() as tx:
        await record_scans(tx, Outbox("tracking"), [first], OFFICES, NOON)
        (result,) = await record_scans(
            tx, Outbox("tracking"), [scan(EventCode.EDH, scan_id=first.scan_id)], OFFICES, NOON
        )

    assert result.result is Result.REFUSED
    assert [(problem.field, problem.code) for problem in result.problems] == [("scan_id", "reused")]


async def test_a_list_without_one_right_scan_writes_nothing(tracking_db: Database) -> None:
    async with tracking_db.transaction() as tx:
        results = await record_scans(tx, Outbox("tracking"), [scan(EventCode.EMH)], OFFICES, NOON)

        assert await tx.fetchval("select count(*) from journey") == 0
    assert [one.result for one in results] == [Result.REFUSED]


async def test_an_item_for_abroad_is_closed_into_a_dispatch_once_its_advance_data_are_complete(
    tracking_db: Database,
) -> None:
    closed = scan(CLOSED, item_number=OURS)
    await register(tracking_db)

    assert await outcomes(tracking_db, [closed]) == ["advance-data-incomplete"]
    await complete(tracking_db)
    assert await outcomes(tracking_db, [closed]) == ["recorded"]
    assert await outcomes(tracking_db, [closed]) == ["already_recorded"]


async def test_it_does_not_matter_whether_completion_or_registration_is_heard_first(tracking_db: Database) -> None:
    closed = scan(CLOSED, item_number=OURS)

    assert await outcomes(tracking_db, [closed]) == ["advance-data-incomplete"]
    await complete(tracking_db)
    assert await outcomes(tracking_db, [closed]) == ["recorded"]
    await register(tracking_db)
    assert await outcomes(tracking_db, [scan(CLOSED, item_number=OURS, minutes=1)]) == ["recorded"]


async def test_of_two_declarations_the_newer_is_known_in_whatever_order_they_are_heard(tracking_db: Database) -> None:
    first, second = (
        ParcelAdvanceDataCompletedV1(
            item_number=OURS, declaration_version=2 * hour, completed_at=NOON.replace(hour=hour)
        )
        for hour in (1, 2)
    )
    for told_at_once in ([second, first], [first]):
        async with tracking_db.transaction() as tx:
            await remember_advance_data(tx, told_at_once)
            known = await tx.fetchrow("select advance_data_version, advance_data_completed_at from clearance")
        assert known is not None
        assert tuple(known) == (4, NOON.replace(hour=2))


async def test_every_other_scan_of_an_item_for_abroad_is_a_fact(tracking_db: Database) -> None:
    codes = [EventCode.EMA, EventCode.EDD, EventCode.EMB, EventCode.EXA, EventCode.EMD, EventCode.EMI]
    await register(tracking_db)

    found = await outcomes(
        tracking_db, [scan(code, item_number=OURS, minutes=place) for place, code in enumerate(codes)]
    )

    assert set(found) == {"recorded"}


async def test_what_needs_no_advance_data_is_closed_without(tracking_db: Database) -> None:
    await register(tracking_db, service="registered_letter")
    assert await outcomes(tracking_db, [scan(CLOSED, item_number=OURS)]) == ["recorded"]
    assert await outcomes(tracking_db, [scan(CLOSED)]) == ["recorded"], "it came from abroad, and goes back"


async def test_a_domestic_item_that_is_closed_by_mistake_is_a_fact(tracking_db: Database) -> None:
    await register(tracking_db, "KH")
    assert await outcomes(tracking_db, [scan(CLOSED, item_number=OURS)]) == ["recorded"]


async def test_the_latest_registration_of_a_number_says_where_it_goes(tracking_db: Database) -> None:
    await register(tracking_db, "KH")
    async with tracking_db.transaction() as tx:
        await record_scans(tx, Outbox("tracking"), [scan(HANDED_OVER, item_number=OURS, minutes=1)], OFFICES, NOON)
    await register(tracking_db, "KR", registered_at=NOON.replace(year=2028))

    assert await outcomes(tracking_db, [scan(CLOSED, item_number=OURS, minutes=2)]) == ["advance-data-incomplete"]


async def test_an_item_from_abroad_is_handed_over_once_its_charges_are_paid(tracking_db: Database) -> None:
    handed_over = scan(HANDED_OVER)
    await charge(tracking_db, (2, "due"))

    assert await outcomes(tracking_db, [handed_over]) == ["charges-unpaid"]
    assert await outcomes(tracking_db, [scan(EventCode.EDH), scan(EventCode.EDG)]) == ["recorded", "recorded"]
    await charge(tracking_db, (3, "paid"))
    assert await outcomes(tracking_db, [handed_over]) == ["recorded"]


async def test_the_highest_version_of_the_charges_counts_in_whatever_order_they_are_heard(
    tracking_db: Database,
) -> None:
    await charge(tracking_db, (4, "paid"), (3, "due"))
    await charge(tracking_db, (3, "due"))
    assert await outcomes(tracking_db, [scan(HANDED_OVER)]) == ["recorded"]

    await charge(tracking_db, (2, "due"), (1, "paid"), number=OTHER_NUMBER)
    await charge(tracking_db, (1, "paid"), number=OTHER_NUMBER)
    assert await outcomes(tracking_db, [scan(HANDED_OVER, item_number=OTHER_NUMBER)]) == ["charges-unpaid"]


async def test_a_hand_over_that_was_recorded_before_the_charges_stays_so(tracking_db: Database) -> None:
    handed_over, another = scan(HANDED_OVER), scan(HANDED_OVER, minutes=1)
    assert await outcomes(tracking_db, [handed_over]) == ["recorded"]
    await charge(tracking_db, (2, "due"))

    assert await outcomes(tracking_db, [handed_over, another]) == ["already_recorded", "charges-unpaid"]


OLD, NEW = NOON.replace(year=2023), NOON.replace(year=2025)


async def test_what_was_due_on_an_old_item_does_not_hold_the_new_one_that_has_its_number(
    tracking_db: Database,
) -> None:
    codes = (EventCode.EMD, EventCode.EMF, EventCode.EDH, HANDED_OVER)
    old, new = ([scan(code, at=at, minutes=place) for place, code in enumerate(codes)] for at in (OLD, NEW))
    soon, later = OLD + timedelta(days=1), NEW + timedelta(days=1)
    assert await outcomes(tracking_db, old, soon) == ["recorded"] * len(codes)
    await charge(tracking_db, (4, "due"), at=soon)
    assert await outcomes(tracking_db, [scan(HANDED_OVER, at=soon)], soon) == ["charges-unpaid"], "as customs was late"

    assert await outcomes(tracking_db, new[:-1], later) == ["recorded"] * 3
    assert await outcomes(tracking_db, new[-1:], later) == ["recorded"]


async def test_what_is_due_on_the_new_item_holds_it_though_the_old_one_was_handed_over(tracking_db: Database) -> None:
    old, new = scan(HANDED_OVER, at=OLD), scan(HANDED_OVER, at=NEW)
    await charge(tracking_db, (2, "due"), (3, "paid"), at=OLD)
    assert await outcomes(tracking_db, [old], OLD) == ["recorded"]

    await charge(tracking_db, (5, "due"), at=NEW - timedelta(days=1))
    assert await outcomes(tracking_db, [new], NEW) == ["charges-unpaid"]
    await charge(tracking_db, (6, "paid"), at=NEW)
    assert await outcomes(tracking_db, [new], NEW) == ["recorded"]


async def test_a_scan_that_is_held_hinders_no_other_of_its_list_and_leaves_nothing(tracking_db: Database) -> None:
    held, free = scan(CLOSED, item_number=OURS), scan(EventCode.EDD, item_number=OTHER_NUMBER)

    assert await outcomes(tracking_db, [held, free, held]) == [
        "advance-data-incomplete",
        "recorded",
        "advance-data-incomplete",
    ]
    async with tracking_db.connection() as tx:
        assert await tx.fetchval("select count(*) from journey where item_number = $1", OURS) == 0
        assert [event.item_number for event in await told.events(tx)] == [OTHER_NUMBER]
