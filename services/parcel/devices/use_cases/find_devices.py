"""Staff look at the devices of their office; that they did is noted, for a label may name somebody."""

from datetime import datetime
from uuid import UUID

from services.parcel.devices.domain.device import CounterDevice
from services.parcel.devices.store import devices
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_devices(tx: Tx, actor: Actor, after: tuple[datetime, UUID] | None, limit: int) -> list[CounterDevice]:
    """Return the devices of the actor's office, newest first, of every office for those who act for all."""
    if actor.office is None and not actor.acts_for(None):
        return []
    found = await devices.of_office(tx, actor.office, after, limit)
    await note_read(tx, actor, "devices", subjects=[device.device_id for device in found])
    return found
