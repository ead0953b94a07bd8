"""People who sign in on devices."""

from typing import Any

import httpx
from fastapi import FastAPI

from services.parcel.people.domain.staff import Staff
from services.parcel.people.use_cases.add_staff import add_staff
from shared.access.roles import Role
from shared.db.connection import Database
from shared.ids import new_id
from tests.parcel.bodies import HOME
from tests.parcel.devices.counter_device import CounterDevice

PASSPHRASE = "rice field at dawn"


async def hired(app: FastAPI, database: Database, role: Role = Role.CLERK, office: str | None = HOME) -> Staff:
    """Let somebody join who can sign in."""
    passphrase_hash = await app.state.signing.passphrases.hash(PASSPHRASE)
    person = Staff(new_id(), f"{role} {new_id()}", passphrase_hash, role, office)
    async with database.transaction() as tx:
        await add_staff(tx, app.state.service.outbox, person)
    await app.state.service.directory.refresh(database)
    return person


async def sign_in(device: CounterDevice, person: Staff, passphrase: str = PASSPHRASE) -> httpx.Response:
    """Let somebody sign in on a device."""
    return await device.post("/sessions", {"name": person.name, "passphrase": passphrase})


async def signed_in(device: CounterDevice, person: Staff) -> dict[str, Any]:
    """Let somebody sign in on a device; returns the session."""
    answer = await sign_in(device, person)
    assert answer.status_code == 201, answer.text
    session: dict[str, Any] = answer.json()
    return session
