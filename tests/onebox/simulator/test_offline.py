"""Counters that are cut off: scans wait on the device and leave together, customers wait for the line."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from onebox.simulator.carrying import AtOnce
from onebox.simulator.client import Client
from onebox.simulator.history import History, Kind
from onebox.simulator.lines import Lines
from onebox.simulator.lives import Bag, Parcel, Step
from onebox.simulator.offline import CarrierOnLines
from tests.onebox.simulator.stub import Stub, post_office, stub

OFFICE, HUB = "TK02A", "TKHUB"


class CutFor(Lines):
    """The line of one counter is cut from the start, for a while."""

    def back_at(self, office: str, at_s: float) -> float | None:
        return self.mean_cut_s if office == OFFICE and at_s < self.mean_cut_s else None


@asynccontextmanager
async def carrier(cut_s: float) -> AsyncIterator[tuple[CarrierOnLines, History, Stub]]:
    history = History()
    async with (
        stub(post_office) as service,
        Client.open({"parcel": service.url, "tracking": service.url}, history, "rice") as client,
    ):
        yield CarrierOnLines(client, CutFor(1, frozenset({OFFICE}), cut_s)), history, service


def bag(steps: Sequence[Step]) -> Bag:
    parcels = [Parcel(place, f"key {place}", {"weight_g": 1}, {}) for place in range(3)]
    return Bag(OFFICE, HUB, parcels, steps)


def form(number: int) -> dict[str, str]:
    return {"scan_id": str(UUID(int=number))}


async def test_scans_of_a_counter_that_is_cut_off_leave_together_once_it_is_back() -> None:
    async with carrier(cut_s=0.3) as (made, history, _):
        began = time.monotonic()
        assert await made.send(OFFICE, [form(1)], began) is None
        assert await made.send(OFFICE, [form(2), form(3)], began) is None
        waiting = made.waiting_scans
        await made.settled()

    (sent,) = history.of(Kind.SCAN_BATCH)
    assert waiting == 3
    assert [scan["scan_id"] for scan in sent.asked["scans"]] == [form(number)["scan_id"] for number in (1, 2, 3)]
    assert sent.sent_at - began > 0.25
    assert made.waiting_scans == 0


async def test_other_offices_go_on_meanwhile() -> None:
    async with carrier(cut_s=30.0) as (made, history, _):
        await made.send(HUB, [form(1)], None)

    assert [call.kind for call in history.calls] == [Kind.SIGN_IN, Kind.SCAN]


async def test_a_customer_waits_for_the_line_and_is_due_when_it_is_back() -> None:
    async with carrier(cut_s=0.3) as (made, history, _):
        began = time.monotonic()
        await made.carry(bag([Step(0.0, Kind.REGISTER, OFFICE, (0,))]), AtOnce())

    (registered,) = history.of(Kind.REGISTER)
    assert registered.sent_at - began > 0.25
    assert registered.took_s < 0.25


async def test_stopping_sends_what_devices_hold_at_once() -> None:
    async with carrier(cut_s=60.0) as (made, history, _):
        await made.send(OFFICE, [form(1)], None)
        made.stop.set()
        async with asyncio.timeout(5):
            await made.settled()

    assert len(history.of(Kind.SCAN)) == 1
