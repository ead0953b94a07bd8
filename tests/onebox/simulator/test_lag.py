"""Lag, as people meet it: from one service's answer until another shows it."""

import asyncio
import time
from collections.abc import Callable

import pytest

from onebox.simulator.client import Client
from onebox.simulator.history import Call, History, Kind, Outcome
from onebox.simulator.lag import Hop, LagProbe
from tests.onebox.simulator.stub import Told, post_office, stub

NUMBER = "PD100000005KH"


def answered(kind: Kind, **answer: str) -> Call:
    now = time.monotonic()
    return Call(kind, "key", Outcome.OK, 201, now, now, now, {}, {"item_number": NUMBER, **answer})


async def seen(tell: Callable[[], Told], hop: Hop, *calls: Call) -> list[float]:
    """Return the lags of a hop that the probe saw while the other service answers so."""

    def answer(method: str, path: str) -> Told:
        return post_office(method, path) if path == "/sessions" else tell()

    async with stub(answer) as service:
        urls = {"parcel": service.url, "tracking": service.url}
        async with Client.open(urls, History(), "rice") as client:
            probe = LagProbe(client)
            for call in calls:
                probe.hear(call)
            async with asyncio.timeout(5):
                while not probe.seen[hop]:
                    await asyncio.sleep(0.01)
            await probe.close()
    return [lag for _, lag in probe.seen[hop]]


async def test_a_registration_lags_until_its_journey_is_there() -> None:
    there_at = time.monotonic() + 0.3
    absent: Told = (404, {"type": "/problems/journey-not-found"})
    registered = answered(Kind.REGISTER, office="TK02A", state="accepted")

    (lag,) = await seen(
        lambda: (200, {}) if time.monotonic() > there_at else absent, Hop.REGISTERED_TO_TRACKING, registered
    )

    assert lag == pytest.approx(0.3, abs=0.2)


async def test_a_scan_lags_until_the_office_of_posting_sees_its_state() -> None:
    there_at = time.monotonic() + 0.3
    registered = answered(Kind.REGISTER, office="TK02A", state="accepted")
    scanned = answered(Kind.SCAN, state="delivered")

    (lag,) = await seen(
        lambda: (200, {"state": "delivered" if time.monotonic() > there_at else "arrived"}),
        Hop.SCANNED_TO_PARCEL,
        registered,
        scanned,
    )

    assert lag == pytest.approx(0.3, abs=0.2)


async def test_only_states_that_one_scan_leads_to_are_followed() -> None:
    async with stub(post_office) as service, Client.open({"parcel": service.url}, History(), "rice") as client:
        probe = LagProbe(client)
        probe.hear(answered(Kind.SCAN, state="in_transit"))
        await probe.close()

    assert dict(probe.seen) == {}
