"""Counters' devices of a running post office: enrolled, signed in on, and with a line that can be cut."""

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from onebox.counter import enrolling
from onebox.counter.asking import Answer, Line, Refused, Request
from onebox.counter.bundle import Bundle
from onebox.counter.device import Device
from onebox.counter.registering import Desk
from onebox.counter.store import Store
from onebox.counter.syncing import sync
from tests.system.stack import PASSPHRASE

KEY_BYTES = 32
MOST_TRIES = 200
REST_S = 0.1
NOT_YET = frozenset({401, 429, 503})
"""401: a service may not have heard of the device yet."""


class LineCut(Exception):
    """The line broke; what was asked may be done or not."""


@dataclass
class Wire:
    """A line over HTTP that breaks where it is told to: before the request is sent, or before its answer comes."""

    urls: Mapping[str, str]
    cut: Callable[[], str] = lambda: ""
    """Says of the next request `before`, `after`, or nothing."""
    broken: int = 0
    http: httpx.AsyncClient = field(default_factory=lambda: httpx.AsyncClient(timeout=30.0))

    async def __call__(self, request: Request) -> Answer:
        """Carry a request."""
        where = self.cut()
        if where == "before":
            self.broken += 1
            raise LineCut
        url = f"{self.urls[request.service]}{request.path}"
        try:
            answer = await self.http.request(request.method, url, content=request.body, headers=dict(request.headers))
        except httpx.TransportError as fault:
            self.broken += 1
            raise LineCut from fault
        if where == "after":
            self.broken += 1
            raise LineCut
        return Answer(answer.status_code, answer.headers, answer.json() if answer.content else {})


async def administrator(http: httpx.AsyncClient, parcel: str) -> dict[str, str]:
    """Sign the administrator of the samples in; returns the header of their requests."""
    answer = await http.post(f"{parcel}/sessions", json={"name": "admin", "passphrase": PASSPHRASE})
    assert answer.status_code == 201, answer.text
    return {"Authorization": f"Bearer {answer.json()['token']}"}


async def opened(wire: Wire, office: str, folder: Path, headers: Mapping[str, str]) -> Line:
    """Enrol a device of an office, sign its clerk in, and give it numbers and a bundle."""
    body = {"office": office, "label": "tablet"}
    shown = await wire.http.post(f"{wire.urls['parcel']}/devices", json=body, headers=dict(headers))
    assert shown.status_code == 201, shown.text
    device_id = UUID(shown.json()["device_id"])
    store = Store(folder / f"{device_id}.sqlite", secrets.token_bytes(KEY_BYTES))
    line = Line(Device.new(store, device_id, office), wire)
    await enrolling.enrol(line, shown.json()["code"])
    await enrolling.sign_in(line, f"clerk-{office.lower()}", PASSPHRASE)
    await Desk(line.device).stock(line)
    await Bundle(store).refresh(line, enrolling.signing_keys(store))
    return line


async def revoke(wire: Wire, device_id: UUID, headers: Mapping[str, str]) -> None:
    """Revoke a device that was stolen."""
    url = f"{wire.urls['parcel']}/devices/{device_id}/revocation"
    answer = await wire.http.post(url, json={"reason": "stolen"}, headers=dict(headers))
    assert answer.status_code == 200, answer.text


async def send_all(line: Line, service: str, most: int = 500) -> None:
    """Send all that waits for a service, as often as it takes."""
    for _ in range(MOST_TRIES):
        try:
            await sync(line, service, most)
        except (LineCut, Refused) as fault:
            if isinstance(fault, Refused) and fault.answer.status not in NOT_YET:
                raise
            await asyncio.sleep(REST_S)
            continue
        return
    raise AssertionError(f"{line.device.store.counts(service)} after {MOST_TRIES} tries")


async def until_refused(line: Line, service: str, problem: str) -> None:
    """Ask, with what changes nothing, until a service refuses the device."""
    for _ in range(MOST_TRIES):
        try:
            await line.ask(service, "POST", "/records", b"{}")
        except Refused as refused:
            if refused.answer.told.get("type") == f"/problems/{problem}":
                return
        await asyncio.sleep(REST_S)
    raise AssertionError(f"{service} goes on to take from {line.device.device_id}")


def parcel(place: int, **values: Any) -> dict[str, Any]:
    """Return a parcel as a counter types it without a line, whose people nobody else has."""
    return {
        "collecting_office": "TK01A",
        "weight_g": 100 + place % 5_000,
        "length_mm": 300,
        "width_mm": 200,
        "height_mm": 100 + place % 100,
        "sender": {"name": f"Sender {place}", "phone": f"012{300_000 + place}", "language": "en"},
        "recipient": {"name": f"អ្នកទទួល {place}", "phone": f"097{1_000_000 + place}", "language": "km"},
    } | values
