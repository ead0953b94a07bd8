"""F15 and F24: records that nobody can read, and events whose bytes were damaged in the outbox or in the topic."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from uuid import UUID

import asyncpg

from onebox.configuration import SERVICES
from shared.contracts.directory import OfficeV1
from shared.contracts.envelope import Event
from shared.contracts.parcel import Contact, ParcelContactsV1, ParcelRegisteredV1, SignInCodeV1
from shared.contracts.states import CustomerState
from shared.contracts.topics import COMPACTED, TOPICS
from shared.contracts.tracking import ParcelMovedV1
from shared.ids import new_id
from shared.sealing import KeyRing
from tests.contracts.events import GOLDEN
from tests.faults.draining import HEARD
from tests.faults.injectors.held_relay import held_relay, next_unsent
from tests.faults.injectors.poison import PutAsideBy, Sample, damaged, kinds_for
from tests.faults.injectors.topics_by_hand import all_records, copy_of, is_copy, write, writer
from tests.faults.invariants.log_and_topics import READ
from tests.faults.recovery import shown_again
from tests.faults.run import Run
from tests.faults.scenario import Scenario
from tests.support.waiting import until

NOBODY = Contact(name="Nobody Whatever", phone="+85510999999", language="en")
UNKNOWN = {
    "item_number": "CP999999911KH",
    "office": "ZZ99Z",
    "state": CustomerState.READY_FOR_COLLECTION,
    "sender": NOBODY,
    "recipient": NOBODY,
}
"""A number that no counter has given out, an office that is nowhere, and news that would be told to somebody."""
COMPACTED_TOPICS = {topic.name for topic in TOPICS if topic.settings == COMPACTED}
SHOWN_WITHIN_S = 15.0
ASIDE_WITHIN_S = 20.0
DAMAGED = 5
ASIDE = "select count(*) from dead_letter where event_id = any($1::uuid[])"


async def poison(run: Run) -> None:
    """Write every kind of broken record into every topic that somebody reads, while work goes on."""
    ring = KeyRing.read(run.office.stack.folder / "key-ring.json")
    async with run.window("poison in every topic", floor=20), writer(run.office.stack.kafka) as producer:
        for event_type, event in samples().items():
            for _name, make, who in kinds_for(event_type):
                record = make(Sample(event, ring))
                # A broker itself refuses a record without a key where it keeps the latest of each key.
                if record.key is not None or record.topic not in COMPACTED_TOPICS:
                    (place,) = await write(producer, [record])
                    run.planted[place] = " ".join(readers(event_type, who))
        await shown_again(run, SHOWN_WITHIN_S, "poison was in every topic")


async def damage(run: Run) -> None:
    """Change one bit of events in the outbox before they are sent, and of others in the topic; then mend the former."""
    async with run.window("bytes damaged", floor=20):
        before = {service: await _damage_in_outbox(run, service) for service in ("parcel", "tracking")}
        for rows in before.values():
            await _until_aside(run, rows)
        await _damage_in_topic(run)
    for service, rows in before.items():
        await _plant_sent(run, rows)
        await _mend(run.office.stack.databases[service].service, rows)
    await shown_again(run, SHOWN_WITHIN_S, "bytes were damaged")


def samples() -> Mapping[type[Event], Event]:
    """Return a good event of each topic that somebody reads, of a new id, about things that there are not."""
    of_each = ParcelRegisteredV1, ParcelContactsV1, SignInCodeV1, ParcelMovedV1, OfficeV1
    events = {event: _golden(event) for event in of_each}
    return {event_type: event.model_copy(update={"event_id": new_id()}) for event_type, event in events.items()}


def _golden(event_type: type[Event]) -> Event:
    event = event_type.model_validate_json((GOLDEN / f"{event_type.type}.json").read_bytes())
    return event.model_copy(update={name: other for name, other in UNKNOWN.items() if name in event_type.model_fields})


def readers(event_type: type[Event], who: PutAsideBy) -> Iterator[str]:
    """Return the services that must put a record of this type aside."""
    for service in SERVICES:
        reads = event_type.topic in HEARD[service]
        knows = event_type.type in READ[service]
        if (who is PutAsideBy.EVERY_READER and reads) or (who is PutAsideBy.WHO_KNOWS_ITS_TYPE and knows):
            yield service


async def _damage_in_outbox(run: Run, service: str) -> Sequence[asyncpg.Record]:
    """Change one bit of each of some events; returns them as they were."""
    async with (
        run.window(f"events of {service} held back", floor=0, outage=True),
        held_relay(run.office.stack.databases[service].service) as connection,
    ):
        rows = await next_unsent(connection, DAMAGED)
        await connection.execute(
            "update outbox set payload = set_byte(payload, 9, get_byte(payload, 9) # 1) where id = any($1::bigint[])",
            [row["id"] for row in rows],
        )
        return rows


async def _until_aside(run: Run, damaged: Sequence[asyncpg.Record]) -> None:
    """Wait until every reader has put every damaged event aside; what is not in time is a violation."""
    for service in SERVICES:
        read = [row["event_id"] for row in damaged if row["topic"] in HEARD[service]]
        connection = await asyncpg.connect(run.office.stack.databases[service].service, timeout=5)
        try:
            with suppress(TimeoutError):
                await until(_counts(connection, read), ASIDE_WITHIN_S)
            applied = await connection.fetchval("select count(*) from inbox where event_id = any($1::uuid[])", read)
        finally:
            await connection.close()
        if applied:
            run.violations.append(f"I10 {service} applied {applied} events whose bytes were damaged")


def _counts(connection: asyncpg.Connection, event_ids: Sequence[UUID]) -> Callable[[], Awaitable[bool]]:
    async def are_aside() -> bool:
        return bool(await connection.fetchval(ASIDE, event_ids) >= len(event_ids))

    return are_aside


async def _damage_in_topic(run: Run) -> None:
    """Write copies of some records with one bit changed, as a broker's disk might."""
    records = await all_records(run.office.stack.kafka)
    chosen = run.chance.sample([record for record in records if record.value], DAMAGED)
    async with writer(run.office.stack.kafka) as producer:
        places = await write(producer, [replace(copy_of(one), value=damaged(one.value or b"")) for one in chosen])
    for place in places:
        run.planted[place] = " ".join(service for service in SERVICES if place.split("/")[0] in HEARD[service])


async def _plant_sent(run: Run, before: Sequence[asyncpg.Record]) -> None:
    """Note where the relay has put what was damaged in the outbox."""
    ids = {str(row["event_id"]).encode() for row in before}
    for record in await all_records(run.office.stack.kafka):
        if dict(record.headers).get("id") in ids and not is_copy(record):
            place = f"{record.topic}/{record.partition}/{record.offset}"
            run.planted[place] = " ".join(service for service in SERVICES if record.topic in HEARD[service])


async def _mend(url: str, before: Sequence[asyncpg.Record]) -> None:
    """Put the bytes back as from a backup, and have the relay send them again."""
    connection = await asyncpg.connect(url, timeout=5)
    try:
        await connection.executemany(
            "update outbox set payload = $2, sent_at = null where id = $1",
            [(row["id"], row["payload"]) for row in before],
        )
    finally:
        await connection.close()


SCENARIOS = [
    Scenario("F15", "poison in every topic", poison, workers=2),
    Scenario("F24", "bytes damaged in outbox and topic", damage, workers=2),
]
