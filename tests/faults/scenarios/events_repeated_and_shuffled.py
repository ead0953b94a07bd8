"""F13 and F14: events come several times, all of them once more, in any order and before what they follow from."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack, suppress

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from onebox.configuration import SERVICES
from shared.contracts.parcel import EVENTS_TOPIC
from shared.contracts.topics import TOPICS
from shared.contracts.tracking import TOPIC as MOVEMENTS_TOPIC
from tests.faults.deeds import changing_parcels
from tests.faults.draining import HEARD
from tests.faults.groups import behind, read_up_to
from tests.faults.injectors.held_relay import held_relay
from tests.faults.injectors.topics_by_hand import (
    Written,
    all_records,
    copy_of,
    is_copy,
    more,
    reader,
    set_back,
    write,
    writer,
)
from tests.faults.measures import READ, measure
from tests.faults.recovery import shown_again
from tests.faults.run import Run
from tests.faults.scenario import Scenario
from tests.support.waiting import beside

REPEATED_S = 5.0
REPLAYED_S = 3.0
"""At least so long all events are being read once more: of a moment nobody could tell that work goes on."""
MOST_TIMES = 5
HELD_S = 4.0
SHOWN_WITHIN_S = 20.0
READ_WITHIN_S, PAUSE_S = 40.0, 0.2
SHUFFLED = (EVENTS_TOPIC, MOVEMENTS_TOPIC)
"""Topics whose events must not keep their order."""
SCANNED_BEFORE = "select count(*) from journey where not registered"
PARTITIONS = {topic.name: topic.partitions for topic in TOPICS}


async def repeat(run: Run) -> None:
    """Send each event up to five times, then all once more, then have every consumer begin at the beginning."""
    bootstrap, repeated = run.office.stack.kafka, list[str]()
    async with writer(bootstrap) as producer, reader(bootstrap) as consumer:
        async with (
            run.window("events sent up to five times", floor=20),
            beside(_copy_for_ever(run, consumer, producer, repeated)),
        ):
            await asyncio.sleep(REPEATED_S * run.rounds)
        records = [copy_of(record) for record in await all_records(bootstrap) if not is_copy(record)]
        async with run.window("all events sent once more", floor=20):
            replayed = await write(producer, records)
            await asyncio.gather(_all_are_read(run, "sent once more", replayed), asyncio.sleep(REPLAYED_S))
    await _all_are_read(run, "sent up to five times", repeated)
    async with run.window("offsets set back", floor=0):
        await asyncio.gather(*(_begin_again(run, service) for service in SERVICES))
        await run.office.supervisor.until_all_ready()
    await shown_again(run, SHOWN_WITHIN_S, "the offsets were set back")


async def shuffle(run: Run) -> None:
    """Let scans come before what they belong to, and the events of all parcels in any order over all partitions."""
    mixed: Counter[str] = Counter()
    for _ in range(run.rounds):
        async with AsyncExitStack() as opened:
            held = {}
            for service in SERVICES:
                url = run.office.stack.databases[service].service
                held[service] = await opened.enter_async_context(held_relay(url))
                opened.push_async_callback(_send_shuffled, run, held[service], service, mixed)
            async with run.window("events held back", floor=20, outage=True), changing_parcels(run):
                await asyncio.sleep(HELD_S)
            early = await held["tracking"].fetchval(SCANNED_BEFORE)
            run.must(early, "F14 no scan came before its registration")
    for topic in SHUFFLED:
        run.must(mixed[topic], f"F14 the events of every key stand in {topic} in their order")
    await shown_again(run, SHOWN_WITHIN_S, "events came shuffled")


def mixed_keys(written: Sequence[tuple[bytes | None, str]]) -> Counter[str]:
    """Count, by topic, the keys whose records stand elsewhere than behind those that were written before them."""
    last: dict[tuple[str, bytes | None], tuple[int, int]] = {}
    mixed: set[tuple[str, bytes | None]] = set()
    for key, place in written:
        topic, partition, offset = place.split("/")
        at, before = (int(partition), int(offset)), last.get((topic, key))
        if before and (at[0] != before[0] or at[1] < before[1]):
            mixed.add((topic, key))
        last[topic, key] = at
    return Counter(topic for topic, _ in mixed)


async def _copy_for_ever(run: Run, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer, places: list[str]) -> None:
    while True:
        for record in await more(consumer):
            if not is_copy(record):
                places += await write(producer, [copy_of(record)] * run.chance.randrange(MOST_TIMES))


async def _all_are_read(run: Run, what: str, places: Sequence[str]) -> None:
    """Have copies come, and each service that hears their topic read past every one of them."""
    run.must(places, f"F13 no event was {what}")

    unread = -1

    async def left() -> int:
        offsets = {service: await read_up_to(run.office.stack.kafka, service) for service in SERVICES}
        return sum(behind(offsets[service], places, HEARD[service]) for service in SERVICES)

    with suppress(TimeoutError):
        async with asyncio.timeout(READ_WITHIN_S):
            while unread := await left():
                await asyncio.sleep(PAUSE_S)
    run.must(not unread, f"F13 {unread} of {len(places)} copies that were {what} were not read")


async def _begin_again(run: Run, service: str) -> None:
    stack, supervisor = run.office.stack, run.office.supervisor
    await supervisor.release(service)
    await stack.stop(service)
    before = await read_up_to(stack.kafka, service)
    await set_back(stack.kafka, service)
    after = await read_up_to(stack.kafka, service)
    heard = [place for place in before if place.topic in HEARD[service]]
    run.must(not any(after[place] for place in heard), f"F13 the offsets of {service} were not set back")
    await supervisor.keep(stack.launches[service])
    await stack.until_ready(service)
    await _are_read_again(run, service, sum(before[place] for place in heard))


async def _are_read_again(run: Run, service: str, records: int) -> None:
    """Have a process that just began be given as many records as were read before it did."""
    given = 0.0
    with suppress(TimeoutError):
        async with asyncio.timeout(READ_WITHIN_S):
            while (given := await measure(run.office.stack, service, READ)) < records:
                await asyncio.sleep(PAUSE_S)
    run.must(given >= records > 0, f"F13 {service} read {given:.0f} of {records} records again")


async def _send_shuffled(run: Run, connection: asyncpg.Connection, service: str, mixed: Counter[str]) -> None:
    """Send in any order what waits; counts, by topic, the keys whose events do not stand in theirs."""
    records = [
        _written(run, row, service)
        for row in await connection.fetch(
            """
        select topic, key, payload, type, event_id, event_time, traceparent, checksum from outbox
        where sent_at is null order by id
        """
        )
    ]
    order = list(range(len(records)))
    run.chance.shuffle(order)
    async with writer(run.office.stack.kafka) as producer:
        sent = await write(producer, [records[number] for number in order])
    places = [place for _, place in sorted(zip(order, sent, strict=True))]
    mixed.update(mixed_keys([(record.key, place) for record, place in zip(records, places, strict=True)]))
    # They stand where no relay put them, and nobody must put them aside.
    run.planted |= dict.fromkeys(places, "")


def _written(run: Run, row: asyncpg.Record, service: str) -> Written:
    headers = {
        "type": row["type"],
        "id": str(row["event_id"]),
        "time": row["event_time"].isoformat(),
        "source": service,
        "traceparent": row["traceparent"],
        "checksum": row["checksum"],
    }
    return Written(
        row["topic"],
        row["key"].encode(),
        row["payload"],
        [(name, text.encode()) for name, text in headers.items()],
        run.chance.randrange(PARTITIONS[row["topic"]]),
    )


SCENARIOS = [
    Scenario("F13", "events repeated, replayed, read again from the beginning", repeat, workers=2),
    Scenario("F14", "events shuffled, scans before registrations", shuffle, workers=2),
]
