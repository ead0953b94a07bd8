"""Two devices of one office work a day without a line and send it twice, over one that breaks; a third is stolen."""

import asyncio
import random
import time
from functools import partial
from itertools import count as places
from pathlib import Path

import asyncpg
import httpx
import pytest

from onebox.configuration import SERVICES
from onebox.counter.asking import Line, Refused
from onebox.counter.registering import Desk
from onebox.counter.store import State
from onebox.counter.syncing import sync
from tests.system.accounts import count, until
from tests.system.desks import Wire, administrator, opened, parcel, revoke, send_all, until_refused
from tests.system.stack import Stack

OFFICE = "TK01A"
A_DAY = 40
SETTLED_WITHIN_S = 120.0
SYNCED_WITHIN_S = 10.0
SEED = 7


async def test_a_day_of_two_devices_is_whole_and_nothing_of_a_stolen_one_passes(stack: Stack, tmp_path: Path) -> None:
    await stack.start_all()
    urls = {service: stack.url(service) for service in SERVICES}
    chance, place = random.Random(SEED), places()
    wires = [Wire(urls) for _ in range(3)]
    async with httpx.AsyncClient(timeout=30.0) as http:
        headers = await administrator(http, urls["parcel"])
        one, other, stolen = [await opened(wire, OFFICE, tmp_path, headers) for wire in wires]
        numbers = [number for line in (one, other) for number in _a_day(line, place)]
        _a_day(stolen, place)
        one.device.note("parcel", "registration", {"weight_g": "a lot"})
        one.device.note("tracking", "scan", {"item_number": "nothing", "event_code": "EDH"})
        more = _a_day(one, place)

        await revoke(wires[2], stolen.device.device_id, headers)
        for service in ("parcel", "tracking"):
            await until_refused(stolen, service, "device-revoked")
            with pytest.raises(Refused, match="403 /problems/device-revoked"):
                await sync(stolen, service)
        for wire in wires:
            wire.cut = lambda: chance.choice(["before", "after", "", ""])
        await asyncio.gather(*(_send_twice(line) for line in (one, other)))

    assert all(wire.broken for wire in wires[:2])
    assert len({*numbers, *more}) == 3 * A_DAY
    await _is_whole(stack, [*numbers, *more])
    for service in ("parcel", "tracking"):
        assert await count(stack, service, "select count(*) from synced_record where set_aside") == 1
        assert [
            one.device.store.counts(service)[State.SET_ASIDE],
            other.device.store.counts(service)[State.SET_ASIDE],
        ] == [
            1,
            0,
        ]
    for line, wire in zip((one, other, stolen), wires, strict=True):
        line.device.store.close()
        await wire.http.aclose()


async def test_500_records_are_synced_within_ten_seconds(stack: Stack, tmp_path: Path) -> None:
    await stack.start_all()
    urls = {service: stack.url(service) for service in SERVICES}
    async with httpx.AsyncClient(timeout=30.0) as http:
        line = await opened(wire := Wire(urls), OFFICE, tmp_path, await administrator(http, urls["parcel"]))
    desk = Desk(line.device)
    await send_all(line, "tracking")
    for place in range(250):
        made = desk.register(parcel(place))
        line.device.note("tracking", "scan", {"item_number": made.item_number, "event_code": "EDH"})
    line.device.note("tracking", "lost", {})
    await asyncio.sleep(2.0)
    began = time.monotonic()

    await send_all(line, "parcel")
    await send_all(line, "tracking")

    took_s = time.monotonic() - began
    assert line.device.store.counts("parcel") == {"done": 250}
    assert line.device.store.counts("tracking") == {"done": 250, "set_aside": 1}
    line.device.store.close()
    await wire.http.aclose()
    assert took_s < SYNCED_WITHIN_S, took_s


def _a_day(line: Line, place: "places[int]") -> list[str]:
    """Register, scan and hand over without a line; returns the item numbers."""
    found = []
    for _ in range(A_DAY):
        made = Desk(line.device).register(parcel(next(place)))
        line.device.note("tracking", "scan", {"item_number": made.item_number, "event_code": "EDH"})
        line.device.note("tracking", "hand_over", {"item_number": made.item_number})
        found.append(made.item_number)
    return found


async def _send_twice(line: Line) -> None:
    for service in ("parcel", "tracking"):
        await send_all(line, service, most=25)
        assert line.device.store.send_again(service, 1)
        await send_all(line, service, most=25)


async def _is_whole(stack: Stack, numbers: list[str]) -> None:
    connection = await asyncpg.connect(stack.databases["parcel"].service)
    try:
        there = [row[0] for row in await connection.fetch("select item_number from parcel order by 1")]
        blocks = await connection.fetch(
            "select device_id, int8range(first_serial, last_serial, '[]') from number_block where device_id is not null"
        )
    finally:
        await connection.close()
    assert there == sorted(numbers)
    assert len(blocks) == 3
    assert not any(a[1].lower <= b[1].lower < a[1].upper for a in blocks for b in blocks if a != b)
    delivered = "select count(*) from journey where registered and state = 'delivered'"
    assert await until(partial(count, stack, "tracking", delivered), len(numbers), SETTLED_WITHIN_S) == len(numbers)
    assert await count(stack, "tracking", "select count(*) from scan where device is not null") == 2 * len(numbers)
    for service in SERVICES:
        unsent = "select count(*) from outbox where sent_at is null"
        assert await until(partial(count, stack, service, unsent), 0, SETTLED_WITHIN_S) == 0
        assert await count(stack, service, "select count(*) from dead_letter") == 0
