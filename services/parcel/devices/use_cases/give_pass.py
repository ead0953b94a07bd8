"""Somebody who signed in on a device with a line gets what unlocks it without one: a pass, and the key of its store."""

from datetime import datetime
from uuid import UUID

from services.parcel.devices.domain.passes import KeptPass
from services.parcel.devices.store import devices, passes
from shared.access.devices import DeviceRevoked
from shared.access.passes import Pass
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.errors import Conflict
from shared.ids import new_id
from shared.sealing import CannotOpen, KeyRing


class StoreKeyUnreadable(Conflict):
    """The key of the device's store cannot be read any more; revoke the device and enrol another."""

    slug = "store-key-unreadable"


async def give_pass(
    tx: Tx, device_id: UUID, actor: Actor, session_id: UUID, key_ring: KeyRing | None, now: datetime
) -> tuple[KeptPass, bytes]:
    """Give a pass for a session that was begun on the device; returns it with the key of the device's store.

    Raises: DeviceRevoked, StoreKeyUnreadable.
    """
    # Locked: a revocation that comes meanwhile ends the session that is begun in this transaction.
    device = await devices.lock(tx, device_id)
    sealed = await devices.store_key(tx, device_id)
    if device is None or sealed is None:
        raise DeviceRevoked
    granted = Pass(
        pass_id=new_id(), staff=actor.id, role=actor.role, office=actor.office, device_id=device_id, issued_at=now
    )
    await passes.add(tx, kept := KeptPass(granted, session_id))
    try:
        if key_ring is None:
            raise StoreKeyUnreadable
        return kept, key_ring.open(sealed, str(device_id))
    except CannotOpen:
        raise StoreKeyUnreadable from None
