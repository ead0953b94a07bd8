"""A thousand parcels from ten counters, each request sent three times, on real Kafka and PostgreSQL."""

import asyncio
from functools import partial

from tests.system.accounts import count, until
from tests.system.counter import work
from tests.system.stack import Stack

PARCELS, WORKERS, TIMES = 1_000, 10, 3
OFFICES = ("TK01A", "TK02A", "TK03A", "TK04A", "TK05A")
SETTLED_WITHIN_S = 120.0
TOLD = "select count(*) from development_inbox"


async def _accounts_agree(stack: Stack, numbers: dict[str, str]) -> None:
    assert len(numbers) == len(set(numbers.values())) == PARCELS
    assert await count(stack, "parcel", "select count(*) from parcel") == PARCELS
    assert await count(stack, "parcel", "select count(*) from request") == PARCELS
    journeys = "select count(*) from journey where registered and state = 'accepted'"
    assert await until(partial(count, stack, "tracking", journeys), PARCELS, SETTLED_WITHIN_S) == PARCELS
    assert await until(partial(count, stack, "notifications", TOLD), PARCELS, SETTLED_WITHIN_S) == PARCELS
    settled = "select count(*) from message where state = 'accepted'"
    assert await until(partial(count, stack, "notifications", settled), PARCELS, SETTLED_WITHIN_S) == PARCELS
    for service in ("parcel", "tracking", "notifications"):
        unsent = "select count(*) from outbox where sent_at is null"
        assert await until(partial(count, stack, service, unsent), 0, SETTLED_WITHIN_S) == 0
        assert await count(stack, service, "select count(*) from dead_letter") == 0
    phones = "select count(distinct phone) from development_inbox"
    assert await count(stack, "notifications", phones) == PARCELS
    assert await count(stack, "notifications", TOLD) == PARCELS
    followed = "select count(*) from parcel where moved_version > 0"
    assert await until(partial(count, stack, "parcel", followed), PARCELS, SETTLED_WITHIN_S) == PARCELS


async def test_each_recipient_is_told_once_though_every_request_comes_three_times(stack: Stack) -> None:
    await stack.start_all()
    numbers = await work(stack, OFFICES, PARCELS, WORKERS, TIMES)
    await _accounts_agree(stack, numbers)


async def test_each_recipient_is_told_once_though_each_service_is_killed(stack: Stack) -> None:
    await stack.start_all()
    working = asyncio.create_task(work(stack, OFFICES, PARCELS, WORKERS, TIMES))
    registered = partial(count, stack, "parcel", "select count(*) from parcel")
    for service, after in (("tracking", 150), ("parcel", 350), ("notifications", 600)):
        while await registered() < after and not working.done():
            await asyncio.sleep(0.02)
        await stack.kill(service)
        await stack.start(service)
    assert not working.done(), "the kills must fall into the load"
    await _accounts_agree(stack, await working)
