"""A device sends its public key with the code that it was added with, and counts in every service from then on."""

import os
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.devices.domain.device import STORE_KEY_BYTES, CounterDevice, KeyTaken
from services.parcel.devices.domain.enrolment import EnrolmentRefused
from services.parcel.devices.store import devices
from services.parcel.people.use_cases.enrol_second_factor import NoKeyRing
from shared.access import directory
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox
from shared.sealing import KeyRing


async def enrol_device(
    tx: Tx, outbox: Outbox, device_id: UUID, code: str, public_key: bytes, key_ring: KeyRing | None, now: datetime
) -> CounterDevice:
    """Enrol a device with a key, once; sent again with the same key, for no answer came, it is answered alike.

    Raises: EnrolmentRefused, KeyTaken, NoKeyRing.
    """
    if key_ring is None:
        raise NoKeyRing
    device = await devices.lock(tx, device_id)
    enrolment = await devices.enrolment(tx, device_id)
    if device is None or enrolment is None or device.revoked_at or not enrolment.fits(code, now):
        raise EnrolmentRefused
    if device.public_key == public_key:
        return device
    if device.public_key is not None:
        raise EnrolmentRefused
    sealed = key_ring.seal(os.urandom(STORE_KEY_BYTES), str(device_id))
    if not await devices.enrol(tx, device_id, public_key, sealed, now):
        raise KeyTaken
    enrolled = replace(device, public_key=public_key, enrolled_at=now)
    entry = enrolled.directory_entry()
    assert entry is not None
    await directory.publish(tx, outbox, entry)
    return enrolled
