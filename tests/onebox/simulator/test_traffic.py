"""Traffic against a service that accepts everything: what is sent, when, and how it stops."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from onebox.simulator.client import Client
from onebox.simulator.history import History, Kind, Outcome
from onebox.simulator.network import network_of
from onebox.simulator.traffic import Traffic
from tests.onebox.simulator.stub import post_office, stub

RUN = UUID(int=7)
NETWORK = network_of(18)


@asynccontextmanager
async def traffic(run: UUID | None = RUN, **settings: Any) -> AsyncIterator[tuple[Traffic, History]]:
    history = History()
    async with (
        stub(post_office) as service,
        Client.open({"parcel": service.url, "tracking": service.url}, history, "rice") as client,
    ):
        yield Traffic(client, seed=5, network=NETWORK, run=run), history


async def until_done(made: Traffic, kind: Kind, many: int) -> None:
    async with asyncio.timeout(20):
        while made.done.get(kind, 0) < many:
            await asyncio.sleep(0.01)


async def test_busy_workers_play_every_kind_of_step_and_stop_clean() -> None:
    async with traffic() as (made, history):
        made.keep_busy(4)
        await until_done(made, Kind.CANCEL, 2)
        await made.stop()
        under_way, calls = made.under_way, len(history.calls)

    assert under_way == 0
    assert {call.kind for call in history.calls} >= set(Kind) - {Kind.READ_PARCEL, Kind.RENEW, Kind.ASK_CODE}
    assert all(call.outcome is Outcome.OK for call in history.calls)
    assert sum(made.done.values()) == calls - len(history.of(Kind.SIGN_IN))


async def test_one_worker_asks_the_same_for_the_same_seed_and_run() -> None:
    asked: list[list[tuple[Kind, str]]] = []
    for _ in range(2):
        async with traffic() as (made, history):
            made.keep_busy(1)
            await until_done(made, Kind.REGISTER, 40)
            await made.stop()
        asked.append([(call.kind, call.key) for call in history.calls])

    shorter = min(len(each) for each in asked)
    assert asked[0][:shorter] == asked[1][:shorter]


async def test_a_scan_has_a_device_with_a_growing_sequence_and_its_clocks_drift() -> None:
    async with traffic() as (made, history):
        made.keep_busy(2)
        await until_done(made, Kind.SCAN, 30)
        await made.stop()

    by_device: dict[str, list[int]] = {}
    for call in history.of(Kind.SCAN):
        by_device.setdefault(call.asked["device"], []).append(call.asked["device_sequence"])
    assert all(sequence == sorted(set(sequence)) for sequence in by_device.values())
    assert any(call.asked["drift_ms"] for call in history.of(Kind.SCAN))


async def test_offered_load_comes_at_its_rate_and_notes_when_it_was_due() -> None:
    async with traffic() as (made, history):
        began = time.monotonic()
        offering = asyncio.create_task(made.offer(lambda: 200.0, life_s=0.5))
        await until_done(made, Kind.REGISTER, 300)
        took_s = time.monotonic() - began
        await made.stop()
        await offering

    assert 300 / 200 * 0.6 < took_s < 15
    assert all(call.due_at <= call.sent_at for call in history.of(Kind.REGISTER))


async def test_a_device_says_when_the_scan_was_due_by_its_own_clock() -> None:
    async with traffic() as (made, history):
        offering = asyncio.create_task(made.offer(lambda: 100.0, life_s=0.2))
        await until_done(made, Kind.SCAN, 20)
        await made.stop()
        await offering

    monotonic_began = time.time() - time.monotonic()
    for call in history.of(Kind.SCAN):
        shown = datetime.fromisoformat(call.asked["device_time"]).timestamp() - call.asked["drift_ms"] / 1000
        assert shown == pytest.approx(monotonic_began + call.due_at, abs=0.5)
