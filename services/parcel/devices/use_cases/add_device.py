"""A supervisor adds a device to the office; it is worth nothing before it sends its key with the code."""

from datetime import datetime

from services.parcel.devices.domain.device import CounterDevice
from services.parcel.devices.domain.enrolment import LIVES, digest, new_code
from services.parcel.devices.store import devices
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.ids import new_id


async def add_device(tx: Tx, actor: Actor, office: str, label: str, now: datetime) -> tuple[CounterDevice, str]:
    """Add a device; returns it with the code that enrols it, which is kept nowhere.

    Raises: OtherOffice.
    """
    actor.must_act_for(office)
    device, code = CounterDevice(new_id(), office, label, actor.id, now, now + LIVES), new_code()
    await devices.add(tx, device, digest(device.device_id, code))
    return device, code
