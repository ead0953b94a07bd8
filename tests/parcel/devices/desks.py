"""A counter's device as a program, at which somebody signed in, with numbers and a bundle, and its line to parcel."""

import secrets
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI

from onebox.counter import enrolling
from onebox.counter.asking import Answer, Line, Request
from onebox.counter.bundle import Bundle
from onebox.counter.device import Device
from onebox.counter.registering import Desk
from onebox.counter.store import Store
from shared.db.connection import Database
from tests.parcel.bodies import HOME, parcel_body
from tests.parcel.counter import Counter
from tests.parcel.devices.counter_device import added
from tests.parcel.devices.staff import PASSPHRASE, hired

KEY_BYTES = 32


async def desk(app: FastAPI, counter: Counter, database: Database, folder: Path, office: str = HOME) -> Line:
    """Enrol a device, sign a clerk in, and give it all that it needs for a day."""
    shown = await added(counter, office)
    device_id = UUID(shown["device_id"])
    store = Store(folder / f"{device_id}.sqlite", secrets.token_bytes(KEY_BYTES))
    line = Line(Device.new(store, device_id, office), _wire(counter.client))
    await enrolling.enrol(line, shown["code"])
    await app.state.service.directory.refresh(database)
    await enrolling.sign_in(line, (await hired(app, database, office=office)).name, PASSPHRASE)
    await Desk(line.device).stock(line)
    await Bundle(store).refresh(line, enrolling.signing_keys(store))
    return line


def form(**values: Any) -> dict[str, Any]:
    """Return a parcel as a counter types it without a line; the record says of which office."""
    return parcel_body(office=None, **values)


def waiting(line: Line) -> list[str]:
    """Return the records that wait for parcel, as they will be sent."""
    return [written or "" for _, written in line.device.store.waiting("parcel", 10_000)]


def noted(line: Line, body: dict[str, Any], bundle_id: str | None = None) -> str:
    """Write a registration down past all that the device checks; returns the record."""
    named = bundle_id or Bundle(line.device.store).bundle_id
    line.device.note("parcel", "registration", body, named)
    return waiting(line)[-1]


async def send(line: Line, records: list[str]) -> list[dict[str, Any]]:
    """Send records; returns what is said of each."""
    present = line.device.store.find("present-pass") or b""
    body = {"sent_at": line.device.clock().isoformat(), "passes": [present.decode()], "records": records}
    answer = await line.ask("parcel", "POST", "/records", httpx.Request("POST", "http://x", json=body).content)
    told: list[dict[str, Any]] = answer.told["records"]
    return told


def _wire(client: httpx.AsyncClient) -> Any:
    async def wire(request: Request) -> Answer:
        answer = await client.request(request.method, request.path, content=request.body, headers=dict(request.headers))
        return Answer(answer.status_code, answer.headers, answer.json() if answer.content else {})

    return wire
