"""The heart of tracking on a real database: batches, repetition, what is told, locks that cannot cross."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.journey import fold
from services.tracking.domain.scan import Scan
from services.tracking.store import journeys, scans
from services.tracking.use_cases.append_scans import Appended, Outcome, append_scans
from services.tracking.use_cases.find_journey import find_journey
from shared.contracts.states import CustomerState as S
from shared.db.connection import Database, Tx
from shared.messaging.outbox import Outbox
from shared.s10 import ItemNumber
from tests.tracking import told
from tests.tracking.numbers import numbers
from tests.tracking.scans import NOON, NUMBER, OTHER_NUMBER, posting, scan

WAY = [EventCode.EMA, EventCode.EDD, EventCode.EDE, EventCode.EMG, EventCode.EDH, EventCode.EMI]


@pytest.fixture
async def tx(tracking_db: Database) -> AsyncIterator[Tx]:
    async with tracking_db.transaction() as tx:
        yield tx


async def append(tx: Tx, *seen: Scan) -> list[Appended]:
    return await append_scans(tx, Outbox("tracking"), seen, NOON)


async def test_a_way_scanned_step_by_step_is_told_step_by_step(tx: Tx) -> None:
    for place, code in enumerate(WAY):
        await append(tx, scan(code, minutes=place))

    events = await told.events(tx)
    assert [event.state for event in events] == [
        S.ACCEPTED,
        S.IN_TRANSIT,
        S.IN_TRANSIT,
        S.ARRIVED,
        S.READY_FOR_COLLECTION,
        S.DELIVERED,
    ]
    assert [event.version for event in events] == [1, 2, 3, 4, 5, 6]
    assert [event.previous_state for event in events] == [None, *(event.state for event in events[:-1])]
    assert [event.first_time_in_state for event in events] == [True, True, False, True, True, True]
    assert [event.event_code for event in events] == WAY


async def test_a_whole_way_in_one_batch_is_told_once(tx: Tx) -> None:
    appended = await append(tx, *(scan(code, minutes=place) for place, code in enumerate(WAY)))

    (event,) = await told.events(tx)
    assert (event.state, event.version, event.previous_state) == (S.DELIVERED, 1, None)
    assert {one.state for one in appended} == {S.DELIVERED}


async def test_a_repeated_scan_changes_and_tells_nothing(tx: Tx) -> None:
    seen = scan(EventCode.EDD)

    outcomes = [one.outcome for one in [*await append(tx, seen, seen), *await append(tx, seen)]]

    assert outcomes == [Outcome.RECORDED, Outcome.ALREADY_RECORDED, Outcome.ALREADY_RECORDED]
    assert len(await told.events(tx)) == 1


async def test_a_scan_id_used_for_something_else_is_told_apart(tx: Tx) -> None:
    first = scan(EventCode.EDD)
    await append(tx, first)

    (reused,) = await append(tx, scan(EventCode.EDH, scan_id=first.scan_id))

    assert reused == Appended(Outcome.SCAN_ID_REUSED, S.IN_TRANSIT)
    assert await scans.of_numbers(tx, [NUMBER]) == {NUMBER: [first]}


async def test_one_scan_id_at_two_items_is_two_scans(tx: Tx) -> None:
    first = scan(EventCode.EDD)

    appended = await append(tx, first, scan(EventCode.EDD, scan_id=first.scan_id, item_number=OTHER_NUMBER))

    assert [one.outcome for one in appended] == [Outcome.RECORDED, Outcome.RECORDED]


async def test_a_late_scan_that_changes_nothing_is_kept_and_not_told(tx: Tx) -> None:
    await append(tx, scan(EventCode.EMI, minutes=9))

    (late,) = await append(tx, scan(EventCode.EDD, minutes=1))

    assert late == Appended(Outcome.RECORDED, S.DELIVERED)
    assert len(await told.events(tx)) == 1
    assert len((await scans.of_numbers(tx, [NUMBER]))[NUMBER]) == 2


async def test_a_scan_comes_back_from_the_table_as_it_was(tx: Tx) -> None:
    seen = scan(
        EventCode.EMH,
        drift_ms=-1500,
        device="counter-1",
        device_sequence=7,
        next_office="TK02",
        reason="14",
        action="again-today",
        collect_by=NOON.date(),
        actor="0192",
        posting=posting(),
    )

    await append(tx, seen)

    assert await scans.of_numbers(tx, [NUMBER]) == {NUMBER: [seen]}


async def test_the_reason_travels_with_what_is_told(tx: Tx) -> None:
    await append(tx, scan(EventCode.EME, retention_reason="duty-unpaid"))
    await append(tx, scan(EventCode.EMH, minutes=1, reason="14", action="again-today"))

    assert [event.reason for event in await told.events(tx)] == ["duty-unpaid", "14"]


async def test_a_number_that_comes_again_a_year_later_opens_a_second_journey(tx: Tx) -> None:
    await append(tx, scan(EventCode.EMI))
    await append(tx, scan(EventCode.EMA, minutes=367 * 1440))

    first, second = await told.events(tx)
    assert (first.journey_no, second.journey_no) == (1, 2)
    assert (second.version, second.state, second.previous_state, second.first_time_in_state) == (
        1,
        S.ACCEPTED,
        None,
        True,
    )


@pytest.mark.parametrize("seed", range(8))
async def test_however_scans_are_split_into_batches_the_journeys_are_the_same(tx: Tx, seed: int) -> None:
    chance = random.Random(seed)
    sent = [
        scan(chance.choice(WAY), item_number=number, minutes=chance.randint(0, 60))
        for number in numbers(5)
        for _ in range(8)
    ]
    arrivals = sent + chance.sample(sent, 10)
    chance.shuffle(arrivals)

    while arrivals:
        size = chance.randint(1, 9)
        await append(tx, *arrivals[:size])
        del arrivals[:size]

    for number in numbers(5):
        (expected,) = fold(one for one in sent if one.item_number == number)
        last = [event for event in await told.events(tx) if event.item_number == number][-1]
        (kept,) = (await journeys.lock(tx, [number]))[number]
        assert (last.state, last.event_code, last.occurred_at) == (
            expected.state,
            expected.last.event_code,
            expected.last.occurred_at,
        )
        assert (kept.state, kept.last_scan_id, kept.version) == (expected.state, expected.last.scan_id, last.version)


async def test_versions_of_a_journey_have_no_gap_and_no_twin(tracking_db: Database) -> None:
    async def send(place: int, code: EventCode) -> None:
        async with tracking_db.transaction() as tx:
            await append(tx, *(scan(code, item_number=number, minutes=place) for number in numbers(20)))

    async with asyncio.TaskGroup() as group:
        for place, code in enumerate(WAY):
            group.create_task(send(place, code))

    async with tracking_db.connection() as tx:
        events = await told.events(tx)
    for number in numbers(20):
        versions = [event.version for event in events if event.item_number == number]
        assert versions == list(range(1, len(versions) + 1))


async def test_batches_of_the_same_items_in_opposite_order_do_not_lock_each_other_out(tracking_db: Database) -> None:
    async def send(start: int) -> None:
        chance = random.Random(start)
        async with tracking_db.transaction() as tx:
            await append(tx, *(scan(EventCode.EDD, item_number=n) for n in chance.sample(numbers(120), 80)))

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        for start in range(24):
            group.create_task(send(start))

    async with tracking_db.connection() as tx:
        assert await tx.fetchval("select count(*) from scan") == 24 * 80


async def test_a_batch_of_500_is_a_handful_of_statements(tx: Tx) -> None:
    known = numbers(500)
    await append(tx, *(scan(EventCode.EMA, item_number=number) for number in known))
    statements: list[str] = []

    with tx.query_logger(lambda query: statements.append(query.query)):
        await append(tx, *(scan(EventCode.EDD, item_number=number, minutes=1) for number in known))
        await tx.execute("select 'the line before this one is logged by now'")

    # Beside these, the scans and the events are each one copy, which the driver does not log.
    assert len([statement for statement in statements if "is logged by now" not in statement]) == 4
    assert len(await told.events(tx)) == 1000


async def test_no_statement_reads_a_whole_table_even_before_statistics_are_made(tx: Tx) -> None:
    await append(tx, *(scan(EventCode.EMA, item_number=number) for number in numbers(2000)))
    ran: list[tuple[str, tuple[object, ...]]] = []
    with tx.query_logger(lambda query: ran.append((query.query, query.args))):
        await append(tx, *(scan(EventCode.EDD, item_number=number, minutes=1) for number in numbers(500)))
        await find_journey(tx, ItemNumber.parse(numbers(1)[0]), {})
        await tx.execute("select 'the line before this one is logged by now'")

    plans = [await tx.fetch(f"explain {query}", *args) for query, args in ran]
    assert len(plans) == 6
    assert "Seq Scan" not in str(plans)


async def test_a_code_and_a_state_of_a_newer_release_are_read_as_moving_nothing(tx: Tx) -> None:
    newer = scan(EventCode.EDH, minutes=1)
    await append(tx, scan(EventCode.EMA), newer)
    await tx.execute("update scan set event_code = 'EMX' where scan_id = $1", newer.scan_id)
    await tx.execute("update journey set state = 'in_a_locker'")

    again, late = await append(tx, newer, scan(EventCode.EDD, minutes=2))

    assert (again.outcome, late.outcome) == (Outcome.SCAN_ID_REUSED, Outcome.RECORDED)
    last = (await told.events(tx))[-1]
    assert (last.state, last.previous_state, last.version) == (S.IN_TRANSIT, None, 2)
    shown = await find_journey(tx, ItemNumber.parse(NUMBER), {})
    assert [event.event_code for event in shown.events] == [EventCode.EMA, EventCode.UNKNOWN, EventCode.EDD]
    assert await tx.fetchval("select event_code from scan where scan_id = $1", newer.scan_id) == "EMX"


async def test_nothing_to_append_asks_the_database_nothing(tx: Tx) -> None:
    assert await append(tx) == []
    assert await told.events(tx) == []


async def test_times_are_kept_as_sent_and_as_corrected(tx: Tx) -> None:
    await append(tx, scan(EventCode.EDD, drift_ms=60_000))

    row = await tx.fetchrow("select device_time, drift_ms, occurred_at, received_at from scan")
    assert row is not None
    assert tuple(row) == (NOON, 60_000, NOON - timedelta(minutes=1), NOON + timedelta(days=1))
