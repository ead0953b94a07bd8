"""The raw side of the way from the counter to the tracking read, `python -m bench.raw_hops …`.

The hops, one after the other for each parcel: the registration's rows in one statement that also notifies, the
notification, a record produced and consumed again, a journey written. No hop waits for a batch to fill. The clock
starts once the rows are committed, as on the other side once the 201 is read.
"""

import argparse
import asyncio
import gc
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field

import asyncpg
import orjson
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from bench.quantiles import Took
from bench.raw_load import LATE_S
from bench.raw_registration import CHANNEL, NOTIFYING, Sample, read_samples

UPSERT = """
    insert into journey (item_number, journey_no, version, state, states_told, opened_at, last_scan_id,
        last_event_code, last_office, last_occurred_at, registered, office_of_posting, collecting_office,
        destination_country, service, weight_g, link_secret_sha256)
    values ($1, 1, 1, 'accepted', '{accepted}', now(), gen_random_uuid(), 'EMA', $2, now(), true, $2, $3, $4, $5, $6,
        $7)
    on conflict (item_number, journey_no) do update set version = excluded.version, state = excluded.state
"""
CONNECTIONS = 16
WITHIN_S = 10.0
ENDS_WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Carried:
    """How long parcels took, and what share was overdue by more than five milliseconds when its turn came."""

    took: Took
    late: float


class _Arrivals:
    """Who waits for which parcel at one hop."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Future[None]] = defaultdict(asyncio.get_running_loop().create_future)

    def came(self, number: str) -> None:
        self._waiting[number].set_result(None)

    async def of(self, number: str) -> None:
        await asyncio.wait_for(self._waiting[number], WITHIN_S)
        del self._waiting[number]


@dataclass(slots=True)
class Hops:
    """Everything a parcel passes, and how long each one took."""

    parcel: asyncpg.Pool
    tracking: asyncpg.Pool
    producer: AIOKafkaProducer
    topic: str
    samples: Sequence[Sample]
    notified: _Arrivals = field(default_factory=_Arrivals)
    consumed: _Arrivals = field(default_factory=_Arrivals)
    took_s: list[float] = field(default_factory=list)

    async def one(self, serial: int) -> None:
        """Take one parcel the whole way."""
        sample = self.samples[serial % len(self.samples)]
        row = sample.row(serial)
        number = str(row[4])
        await self.parcel.fetch(NOTIFYING, *row)
        committed = time.perf_counter()
        await self.notified.of(number)
        await self.producer.send(self.topic, sample.events[0]["payload"], number.encode())
        await self.consumed.of(number)
        columns = ("office", "collecting_office", "destination_country", "service", "weight_g")
        await self.tracking.execute(UPSERT, number, *(sample.parcel[column] for column in columns), "0" * 64)
        self.took_s.append(time.perf_counter() - committed)

    async def consume(self, consumer: AIOKafkaConsumer) -> None:
        """Tell who waits that a record came."""
        async for record in consumer:
            self.consumed.came(record.key.decode())


async def run(parcel_url: str, tracking_url: str, kafka: str, topic: str, seconds: int, rate: float) -> Carried:
    """Take parcels the whole way for some seconds in a process of its own."""
    arguments = [parcel_url, tracking_url, kafka, topic, str(seconds), str(rate)]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.raw_hops", *arguments, stdout=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(seconds + ENDS_WITHIN_S):
        output, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("the raw hops failed; their words are above")
    told = orjson.loads(output)
    return Carried(Took(**told["took"]), told["late"])


@asynccontextmanager
async def _hops(told: argparse.Namespace) -> AsyncIterator[Hops]:
    consumer = AIOKafkaConsumer(told.topic, bootstrap_servers=told.kafka, auto_offset_reset="earliest")
    producer = AIOKafkaProducer(bootstrap_servers=told.kafka, acks="all", enable_idempotence=True)
    async with (
        asyncpg.create_pool(told.parcel_url, min_size=CONNECTIONS, max_size=CONNECTIONS) as parcel,
        asyncpg.create_pool(told.tracking_url, min_size=CONNECTIONS, max_size=CONNECTIONS) as tracking,
        parcel.acquire() as listening,
        consumer,
        producer,
    ):
        hops = Hops(parcel, tracking, producer, told.topic, await read_samples(listening))
        await listening.add_listener(CHANNEL, lambda *heard: hops.notified.came(str(heard[-1])))
        consuming = asyncio.create_task(hops.consume(consumer))
        try:
            yield hops
        finally:
            consuming.cancel()
            await listening.reset()


async def _here(told: argparse.Namespace) -> Carried:
    async with _hops(told) as hops:
        late, parcels = 0, int(told.seconds * told.rate)
        gc.disable()
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for place in range(parcels):
                wait_s = began + place / told.rate - time.perf_counter()
                late += wait_s < -LATE_S
                await asyncio.sleep(max(0.0, wait_s))
                group.create_task(hops.one(place + 1))
        return Carried(Took.of(hops.took_s[len(hops.took_s) // 4 :]), late / parcels)


def main() -> None:
    """Take parcels the whole way, and print how long it took as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("parcel_url", "tracking_url", "kafka", "topic"):
        parser.add_argument(name)
    parser.add_argument("seconds", type=float)
    parser.add_argument("rate", type=float)
    sys.stdout.buffer.write(orjson.dumps(asdict(uvloop.run(_here(parser.parse_args())))))


if __name__ == "__main__":
    main()
