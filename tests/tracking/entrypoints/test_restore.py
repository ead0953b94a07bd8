"""The way back from the topics: what was told is known again, nothing is told twice, what comes again is known."""

import uuid
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from onebox.postgres.databases import ServiceDatabase
from services.tracking.domain.clearance import Clearance
from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.parcel_scans import posting_scan
from services.tracking.domain.rebuilt import JourneyRow
from services.tracking.domain.scan import Scan
from services.tracking.entrypoints import restore as module
from services.tracking.entrypoints.rebuild import Report, rebuild
from services.tracking.store import clearances
from services.tracking.use_cases.append_scans import Outcome, append_scans
from services.tracking.use_cases.find_journey import find_journey
from services.tracking.use_cases.open_journeys import open_journeys
from shared.contracts.envelope import Event
from shared.contracts.parcel import ParcelAdvanceDataCompletedV1, ParcelChargesSetV1, ParcelRegisteredV1
from shared.contracts.topics import Topic
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from shared.messaging.topics import create_topics
from shared.s10 import ItemNumber
from tests.shared.messaging.kafka import write
from tests.shared.messaging.notes import Sent, record
from tests.tracking import told
from tests.tracking.numbers import numbers
from tests.tracking.rebuilding import append, quiet, rows, some_scans
from tests.tracking.scans import NOON, scan

FOLDED = (
    "state",
    "ended_at",
    "last_scan_id",
    "last_event_code",
    "last_office",
    "last_occurred_at",
    "registered",
    "service",
)
TOLD = ("version", "states_told", "told_state", "told_scan_id")
ITEM = numbers(1)[0]


def registered(number: str, minutes: int = 0) -> ParcelRegisteredV1:
    return ParcelRegisteredV1(
        item_number=number,
        version=1,
        office="TK01",
        service="ems",
        destination_country="KH",
        collecting_office="TK02",
        weight_g=1200,
        registered_at=scan(EventCode.EMA, minutes=minutes).occurred_at,
        link_secret_sha256="cd" * 32,
    )


@pytest.fixture
async def topics(kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """Topics of its own for a test, in the place of the declared ones."""
    name = uuid.uuid4().hex
    topics = (f"test.parcel.{name}", f"test.tracking.{name}")
    monkeypatch.setattr(module, "TOPICS", topics)
    await create_topics(kafka_bootstrap, topics=[Topic(topic, partitions=3) for topic in topics])
    return topics


async def send(bootstrap: str, topic: str, events: Iterable[Event]) -> None:
    """Put events into a topic, those of a number into one partition and in their order."""
    await write(bootstrap, [replace(record(e), topic=topic, partition=numbers(90).index(e.key) % 3) for e in events])


async def moved(database: Database) -> list[ParcelMovedV1]:
    async with database.connection() as tx:
        return await told.events(tx)


async def open_all(database: Database, events: Sequence[ParcelRegisteredV1]) -> None:
    async with database.transaction() as tx:
        await open_journeys(tx, Outbox("tracking"), events, NOON)


async def restored(lent: ServiceDatabase, bootstrap: str) -> Report:
    report = await rebuild(lent.owner_url, quiet, bootstrap)
    assert report.faults.total() == 0
    return report


def of(rows: dict[str, list[JourneyRow]], names: Sequence[str]) -> dict[str, list[tuple[object, ...]]]:
    return {number: [tuple(getattr(row, name) for name in names) for row in of] for number, of in rows.items()}


def told_by_topics(seen: Iterable[Scan]) -> list[Scan]:
    """Leave out later journeys, and postings that no event of the parcel service tells."""
    return [one for one in seen if one.occurred_at.year == NOON.year and one.posting is None]


@pytest.fixture
async def lost(
    tracking_db: Database, kafka_bootstrap: str, topics: tuple[str, str]
) -> tuple[dict[str, list[JourneyRow]], list[Scan]]:
    """Topics filled by a database that is gone; its rows and scans."""
    postings = [registered(number, minutes=2) for number in numbers(20)]
    seen = told_by_topics(some_scans(240, of=30))
    await append(tracking_db, seen[:100])
    await open_all(tracking_db, postings)
    await append(tracking_db, seen[100:])
    await send(kafka_bootstrap, topics[0], postings)
    await send(kafka_bootstrap, topics[1], await moved(tracking_db))
    return await rows(tracking_db), [*seen, *(posting_scan(event, NOON) for event in postings)]


async def test_a_lost_database_knows_again_what_it_told(
    database: Database,
    lent: ServiceDatabase,
    kafka_bootstrap: str,
    lost: tuple[dict[str, list[JourneyRow]], list[Scan]],
) -> None:
    before, _ = lost

    report = await restored(lent, kafka_bootstrap)

    after = await rows(database)
    assert of(after, ["state", "last_scan_id", *TOLD]) == of(before, ["state", "last_scan_id", *TOLD])
    assert await moved(database) == []
    assert report.restored is not None
    assert report.restored.counts["new"] == report.scans
    async with database.connection() as tx:
        for number in before:
            await find_journey(tx, ItemNumber.parse(number), {})


async def test_scans_that_come_again_are_known_and_fill_what_is_missing(
    database: Database,
    lent: ServiceDatabase,
    kafka_bootstrap: str,
    lost: tuple[dict[str, list[JourneyRow]], list[Scan]],
) -> None:
    before, seen = lost
    report = await restored(lent, kafka_bootstrap)

    async with database.transaction() as tx:
        appended = await append_scans(tx, Outbox("tracking"), seen, NOON)

    outcomes = [one.outcome for one in appended]
    assert Outcome.SCAN_ID_REUSED not in outcomes
    assert outcomes.count(Outcome.ALREADY_RECORDED) == report.scans
    assert of(await rows(database), [*FOLDED, *TOLD]) == of(before, [*FOLDED, *TOLD])
    assert await moved(database) == []


async def test_a_database_that_lost_nothing_is_left_as_it_is(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topics: tuple[str, str]
) -> None:
    oldest, *others = [registered(number) for number in numbers(9)]
    postings = [oldest.model_copy(update={"time": NOON - timedelta(days=60)}), *others]
    await open_all(database, postings)
    await append(database, some_scans(150, of=12))
    events = await moved(database)
    await send(kafka_bootstrap, topics[0], postings)
    await send(kafka_bootstrap, topics[1], [*events, *events])
    before = await rows(database)

    report = await restored(lent, kafka_bootstrap)

    assert await rows(database) == before
    assert await moved(database) == events
    assert report.restored is not None
    assert report.restored.counts == Counter(events=9 + 2 * len(events))
    assert report.restored.since == NOON - timedelta(days=60)


async def test_a_posting_that_nobody_told_of_yet_is_told(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topics: tuple[str, str]
) -> None:
    posting = registered(ITEM)
    await send(kafka_bootstrap, topics[0], [posting])

    await restored(lent, kafka_bootstrap)
    await open_all(database, [posting])

    (event,) = await moved(database)
    assert (event.state, event.first_time_in_state, event.time) == ("accepted", True, posting.time)


async def test_what_was_told_by_a_database_that_had_forgotten_is_told_again_above_it(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topics: tuple[str, str], tracking_db: Database
) -> None:
    posting = registered(ITEM)
    await open_all(tracking_db, [posting])
    await append(tracking_db, [scan(EventCode.EDD, item_number=ITEM, minutes=1)])
    await append(tracking_db, [scan(EventCode.EMG, item_number=ITEM, minutes=2)])
    await append(database, [scan(EventCode.EMI, item_number=ITEM, minutes=9)])
    forgotten = await moved(database)
    await send(kafka_bootstrap, topics[0], [posting])
    await send(kafka_bootstrap, topics[1], [*await moved(tracking_db), *forgotten])

    await restored(lent, kafka_bootstrap)

    *_, event = await moved(database)
    assert (forgotten[0].version, event.version, event.state, event.previous_state) == (1, 4, "delivered", "arrived")


async def test_events_of_an_older_release_restore_each_scan_once(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topics: tuple[str, str], tracking_db: Database
) -> None:
    posting = registered(ITEM)
    await open_all(tracking_db, [posting])
    await append(tracking_db, [scan(EventCode.EMI, item_number=ITEM, minutes=9)])
    events = [event.model_copy(update={"scan_id": None}) for event in await moved(tracking_db)]
    await send(kafka_bootstrap, topics[0], [posting])
    await send(kafka_bootstrap, topics[1], events)

    first, second = await restored(lent, kafka_bootstrap), await restored(lent, kafka_bootstrap)

    assert (first.scans, second.scans) == (2, 2)
    ((row,),) = (await rows(database)).values()
    assert (row.version, row.state, row.last_scan_id) == (2, "delivered", events[-1].event_id)


async def test_damaged_records_and_later_journeys_are_counted_and_passed_over(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topics: tuple[str, str], tracking_db: Database
) -> None:
    await append(tracking_db, [scan(EventCode.EMI, item_number=ITEM)])
    await append(tracking_db, [scan(EventCode.EMA, item_number=ITEM, minutes=367 * 1440)])
    _, later = await moved(tracking_db)
    whole = record(later)
    assert whole.value is not None
    damaged = Sent(topics[1], 0, 0, whole.key, whole.value.replace(b"TK01", b"TK02"), whole.headers)
    await write(kafka_bootstrap, [damaged, replace(whole, topic=topics[1])])

    report = await rebuild(lent.owner_url, quiet, kafka_bootstrap)

    assert report.restored is not None
    assert report.restored.counts == Counter(events=1, passed_over=1, damaged=1)
    assert any("1 records were damaged" in line for line in report.restored.lines)


async def test_what_holds_items_at_the_border_is_known_again(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topics: tuple[str, str]
) -> None:
    outward, inward = numbers(2)
    posting = registered(outward).model_copy(update={"destination_country": "KR", "collecting_office": None})
    completed = ParcelAdvanceDataCompletedV1(item_number=outward, declaration_version=1, completed_at=NOON)
    due = ParcelChargesSetV1(item_number=inward, version=2, charges="due")
    await send(kafka_bootstrap, topics[0], [completed, posting, due])

    for _ in range(2):
        await restored(lent, kafka_bootstrap)

    async with database.connection() as tx:
        assert await clearances.find(tx, [outward, inward]) == {
            outward: Clearance("KR", "ems", advance_data_complete=True, state="accepted"),
            inward: Clearance(charges_due_since=due.time),
        }
    assert list(await rows(database)) == [outward]
