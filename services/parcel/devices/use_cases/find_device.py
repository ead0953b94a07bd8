"""Staff look at one device: who may unlock it without a line, and which numbers it has; asked first when it is gone."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.parcel.devices.domain.device import CounterDevice
from services.parcel.devices.domain.passes import KeptPass
from services.parcel.devices.store import devices, passes
from services.parcel.numbers.domain.device_blocks import UNSEEN_FOR, LeasedBlock
from services.parcel.numbers.use_cases.find_blocks_of_device import find_blocks_of_device
from services.parcel.people.use_cases.note_read import note_read
from shared.access.devices import DeviceNotFound
from shared.access.passes import VALID_FOR
from shared.access.roles import Actor
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class DeviceFound:
    """A device, the passes that still unlock it, and the blocks that it leased of late."""

    device: CounterDevice
    passes: list[KeptPass]
    blocks: list[LeasedBlock]


async def find_device(tx: Tx, actor: Actor, device_id: UUID, now: datetime) -> DeviceFound:
    """Return a device of the actor's office.

    Raises: DeviceNotFound.
    """
    device = await devices.find(tx, device_id)
    if device is None or not actor.acts_for(device.office):
        raise DeviceNotFound
    await note_read(tx, actor, "device", subjects=[device_id])
    unlocking = await passes.of_device(tx, device_id, now - VALID_FOR)
    return DeviceFound(device, unlocking, await find_blocks_of_device(tx, device_id, now - UNSEEN_FOR))
