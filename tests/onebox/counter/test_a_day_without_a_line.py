"""Two devices of one office work a day without a line and send it over a line that breaks, twice."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from onebox.counter import enrolling
from onebox.counter.asking import Answer, Line, Refused, Request
from onebox.counter.bundle import Bundle
from onebox.counter.device import Device
from onebox.counter.numbers import NoNumbersLeft, Numbers
from onebox.counter.store import Store
from onebox.counter.syncing import sync
from shared.access.roles import Role
from tests.access.running_post import Post, without_broker
from tests.access.signed_in import actor_id, good
from tests.access.test_stolen_devices import revoke, tell
from tests.parcel.bodies import HOME
from tests.parcel.devices.staff import PASSPHRASE, hired
from tests.tracking.numbers import numbers

pytestmark = without_broker

KEY_BYTES = 32


class Wire:
    """The line of a device to the services, which loses the answers that it is told to lose."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self.lost: set[int] = set()
        self.asked = 0

    async def __call__(self, request: Request) -> Answer:
        """Carry a request."""
        self.asked += 1
        client = self._post.clients[request.service]
        answer = await client.request(request.method, request.path, content=request.body, headers=dict(request.headers))
        if self.asked in self.lost:
            raise ConnectionError
        return Answer(answer.status_code, answer.headers, answer.json() if answer.content else {})


async def counter(post: Post, folder: Path) -> Line:
    """Enrol a device of the home office and sign a clerk in on it."""
    shown = await post.clients["parcel"].post(
        "/devices",
        json={"office": HOME, "label": "tablet"},
        headers=good(post.key, actor_id(Role.SUPERVISOR, HOME)),
    )
    device_id = UUID(shown.json()["device_id"])
    store = Store(folder / f"{device_id}.sqlite", secrets.token_bytes(KEY_BYTES))
    line = Line(Device.new(store, device_id, HOME), Wire(post))
    await enrolling.enrol(line, shown.json()["code"])
    await tell(post, device_id)
    person = await hired(post.apps["parcel"], post.service("parcel").database)
    await enrolling.sign_in(line, person.name, PASSPHRASE)
    return line


@pytest.fixture
async def lines(post: Post, tmp_path: Path) -> AsyncIterator[tuple[Line, Line]]:
    made = (await counter(post, tmp_path), await counter(post, tmp_path))
    yield made
    for line in made:
        line.device.store.close()


async def send_all(line: Line, service: str, *, losing: set[int]) -> None:
    """Send over a line that loses answers, as often as it takes."""
    assert isinstance(line.wire, Wire)
    line.wire.lost = {line.wire.asked + number for number in losing}
    for _ in range(10):
        try:
            await sync(line, service, most=40)
        except ConnectionError:
            continue
        return
    raise AssertionError


async def rows(post: Post, statement: str, *values: object) -> list[Any]:
    async with post.service("tracking").database.connection() as connection:
        return await connection.fetch(statement, *values)


async def test_two_days_are_whole_though_the_line_broke(post: Post, lines: tuple[Line, Line]) -> None:
    items = numbers(200)
    for place, line in enumerate(lines):
        for item in items[place * 100 : place * 100 + 100]:
            line.device.note("tracking", "scan", {"item_number": item, "event_code": "EDH"})
            line.device.note("tracking", "hand_over", {"item_number": item})
    lines[0].device.note("tracking", "scan", {"item_number": "nothing", "event_code": "EDH"})
    lines[0].device.note("tracking", "scan", {"item_number": items[0], "event_code": "EMG"})

    for line in lines:
        await send_all(line, "tracking", losing={1, 3, 4})
        for_the_second_time = line.device.store.send_again("tracking", 1)
        assert for_the_second_time
        await send_all(line, "tracking", losing={2})

    ids = [line.device.device_id for line in lines]
    scans = await rows(
        post, "select item_number, count(*) from scan where device = any($1) group by 1", [*map(str, ids)]
    )
    assert {row["item_number"]: row["count"] for row in scans} == dict.fromkeys(items, 2) | {items[0]: 3}
    states = await rows(post, "select distinct state from journey where item_number = any($1)", items)
    assert [row["state"] for row in states] == ["delivered"]
    aside = await rows(post, "select sequence from synced_record where device_id = any($1) and set_aside", ids)
    assert [row["sequence"] for row in aside] == [201]
    assert [line.device.store.counts("tracking") for line in lines] == [
        {"done": 201, "set_aside": 1},
        {"done": 200},
    ]


async def test_numbers_of_two_devices_are_never_the_same_however_often_the_line_breaks(
    lines: tuple[Line, Line],
) -> None:
    taken: list[str] = []
    for line in lines:
        pool = Numbers(line.device.store)
        with pytest.raises(NoNumbersLeft):
            pool.take("PD")
        assert isinstance(line.wire, Wire)
        line.wire.lost = {line.wire.asked + 1}
        with pytest.raises(ConnectionError):
            await pool.refill(line, "PD")
        assert await pool.refill(line, "PD")
        assert (pool.unused("PD"), await pool.refill(line, "PD")) == (1_000, False)
        taken += [str(pool.take("PD")) for _ in range(600)]
        assert await pool.refill(line, "PD")
        assert pool.unused("PD") == 1_400
        # After a restart the next number is another one.
        taken += [str(Numbers(line.device.store).take("PD")) for _ in range(5)]

    assert len(set(taken)) == len(taken) == 1_210


async def test_a_bundle_is_checked_kept_and_asked_for_once(lines: tuple[Line, Line]) -> None:
    line = lines[0]
    bundle, keys = Bundle(line.device.store), enrolling.signing_keys(line.device.store)

    assert bundle.bundle_id is None
    assert await bundle.refresh(line, keys)
    assert not await bundle.refresh(line, keys)

    assert bundle.bundle_id is not None
    assert bundle.part("tariffs")
    assert line.device.note("tracking", "lost", {}, bundle.bundle_id).bundle_id == bundle.bundle_id


async def test_a_stolen_device_sends_nothing_of_what_it_holds(post: Post, lines: tuple[Line, Line]) -> None:
    stolen, other = lines
    for line in lines:
        line.device.note("tracking", "scan", {"item_number": numbers(1)[0], "event_code": "EDD"})

    await revoke(post, stolen.device.device_id)
    await tell(post, stolen.device.device_id)

    with pytest.raises(Refused, match="403 /problems/device-revoked"):
        await sync(stolen, "tracking")
    with pytest.raises(Refused, match="403 /problems/device-revoked"):
        await Numbers(stolen.device.store).refill(stolen, "PD")
    assert await sync(other, "tracking") == {"applied": 1}
