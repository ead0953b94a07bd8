"""F13 and F14: events come several times, all of them once more, in any order and before what they follow from."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack

import asyncpg
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from onebox.configuration import SERVICES
from shared.contracts.topics import TOPICS
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
from tests.faults.recovery import shown_again
from tests.faults.run import Run
from tests.faults.scenario import Scenario
from tests.support.waiting import beside

REPEATED_S = 5.0
MOST_TIMES = 5
HELD_S = 4.0
SHOWN_WITHIN_S = 20.0
PARTITIONS = {topic.name: topic.partitions for topic in TOPICS}


async def repeat(run: Run) -> None:
    """Send each event up to five times, then all once more, then have every consumer begin at the beginning."""
    bootstrap = run.office.stack.kafka
    async with writer(bootstrap) as producer, reader(bootstrap) as consumer:
        async with (
            run.window("events sent up to five times", floor=20),
            beside(_copy_for_ever(run, consumer, producer)),
        ):
            await asyncio.sleep(REPEATED_S * run.rounds)
        records = [copy_of(record) for record in await all_records(bootstrap) if not is_copy(record)]
        async with run.window("all events sent once more", floor=0):
            await write(producer, records)
    async with run.window("offsets set back", floor=0):
        await asyncio.gather(*(_begin_again(run, service) for service in SERVICES))
        await run.office.supervisor.until_all_ready()
    await shown_again(run, SHOWN_WITHIN_S, "the offsets were set back")


async def shuffle(run: Run) -> None:
    """Let scans come before what they belong to, and the events of all parcels in any order over all partitions."""
    for _ in range(run.rounds):
        async with AsyncExitStack() as opened:
            for service in SERVICES:
                url = run.office.stack.databases[service].service
                connection = await opened.enter_async_context(held_relay(url))
                opened.push_async_callback(_send_shuffled, run, connection, service)
            async with run.window("events held back", floor=20, outage=True):
                await asyncio.sleep(HELD_S)
    await shown_again(run, SHOWN_WITHIN_S, "events came shuffled")


async def _copy_for_ever(run: Run, consumer: AIOKafkaConsumer, producer: AIOKafkaProducer) -> None:
    while True:
        for record in await more(consumer):
            if not is_copy(record):
                await write(producer, [copy_of(record)] * run.chance.randrange(MOST_TIMES))


async def _begin_again(run: Run, service: str) -> None:
    stack, supervisor = run.office.stack, run.office.supervisor
    await supervisor.release(service)
    await stack.stop(service)
    await set_back(stack.kafka, service)
    await supervisor.keep(stack.launches[service])


async def _send_shuffled(run: Run, connection: asyncpg.Connection, service: str) -> None:
    records = [
        _written(run, row, service)
        for row in await connection.fetch(
            """
        select topic, key, payload, type, event_id, event_time, traceparent, checksum from outbox
        where sent_at is null order by id
        """
        )
    ]
    run.chance.shuffle(records)
    async with writer(run.office.stack.kafka) as producer:
        places: Sequence[str] = await write(producer, records)
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
