"""What seldom happens by itself, done on purpose: corrections, declarations, cancellations, poison, a replay."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaProducer

from onebox.simulator.client import Client
from onebox.simulator.history import Call, Kind, Outcome
from onebox.simulator.lives import plan_bag
from onebox.simulator.retrying import until_known
from shared.contracts.parcel import EVENTS_TOPIC
from shared.contracts.tracking import TOPIC as MOVEMENTS_TOPIC
from shared.ids import new_id
from tests.faults.draining import hearers_of
from tests.faults.run import Run
from tests.support.waiting import beside

OWN_BAGS = 1_000_000
"""Bags of that number and above are not carried by the load."""
REST_S = 0.2
READ_BY = {"parcel": MOVEMENTS_TOPIC, "tracking": EVENTS_TOPIC, "notifications": EVENTS_TOPIC}
"""A topic that each service reads."""


class Clerk:
    """Registers parcels one after another, beside the load, and does more with them."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._client: Client = run.client
        self._keys: UUID = new_id()
        self._bags = (plan_bag(run.seed, self._keys, run.office.network, number) for number in count(OWN_BAGS))

    def next_parcel(self, *, declared: bool = False) -> dict[str, Any]:
        """Return what to ask of a parcel that nobody has registered; one for abroad, if it is to be declared."""
        bag = next(bag for bag in self._bags if bag.parcels[0].content or not declared)
        parcel, keys = bag.parcels[0], ("key", "body", "corrected", "content")
        return {"office": bag.office, **{key: getattr(parcel, key) for key in keys}}

    async def ask_to_register(self, parcel: dict[str, Any]) -> Call:
        """Ask once."""
        return await self._client.register(parcel["office"], parcel["key"], parcel["body"])

    async def register(self, *, declared: bool = False) -> tuple[dict[str, Any], str]:
        """Register a parcel; returns it and its item number."""
        while True:
            parcel = self.next_parcel(declared=declared)
            call = await until_known(partial(self.ask_to_register, parcel), Kind.REGISTER)
            if call.kind is Kind.REGISTER and call.outcome is Outcome.OK:
                return parcel, str(call.answer["item_number"])
            await asyncio.sleep(REST_S)

    async def correct(self) -> Call:
        """Register a parcel and correct its recipient."""
        parcel, number = await self.register()
        office, recipient = parcel["office"], parcel["corrected"]
        return await until_known(lambda: self._client.correct(office, number, recipient), Kind.CORRECT)

    async def declare(self) -> Call:
        """Register a parcel for abroad and declare what it holds."""
        parcel, number = await self.register(declared=True)
        office, content = parcel["office"], parcel["content"]
        return await until_known(lambda: self._client.declare(office, number, content), Kind.DECLARE)

    async def cancel(self) -> Call:
        """Register a parcel and cancel it."""
        parcel, number = await self.register()
        return await until_known(lambda: self._client.cancel(parcel["office"], number), Kind.CANCEL)


@asynccontextmanager
async def changing_parcels(run: Run) -> AsyncIterator[None]:
    """Correct, declare and cancel again and again while the block lasts."""
    clerk = Clerk(run)

    async def work() -> None:
        while True:
            await clerk.correct()
            await clerk.declare()
            await clerk.cancel()
            await asyncio.sleep(REST_S)

    async with beside(work()):
        yield


async def plant_poison(run: Run, hearer: str) -> None:
    """Put a record that no service can read into a topic that one hears; whoever hears it must put it aside."""
    topic = READ_BY[hearer]
    producer = AIOKafkaProducer(bootstrap_servers=run.office.stack.kafka)
    await producer.start()
    try:
        headers = [("type", b"parcel.registered.v1"), ("id", str(new_id()).encode())]
        placed = await producer.send_and_wait(topic, b"not an event", b"no number", headers=headers)
    finally:
        await producer.stop()
    run.planted[f"{placed.topic}/{placed.partition}/{placed.offset}"] = " ".join(hearers_of(topic))


@asynccontextmanager
async def replaying(run: Run, service: str) -> AsyncIterator[None]:
    """Ask again and again, as an operator may, for the dead letters of a service to be replayed."""

    async def ask() -> None:
        connection = await asyncpg.connect(run.office.stack.databases[service].service)
        try:
            while True:
                await connection.execute("update dead_letter set state = 'replaying' where state = 'parked'")
                await asyncio.sleep(REST_S)
        finally:
            await connection.close()

    async with beside(ask()):
        yield
