"""A device counts no more, at once and for good, in any service; whoever signed in on it is signed out."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.devices.domain.device import CounterDevice, RevocationReason
from services.parcel.devices.store import devices
from services.parcel.people.use_cases.end_sessions_on_device import end_sessions_on_device
from shared.access import directory
from shared.access.devices import DeviceNotFound
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def revoke_device(
    tx: Tx, outbox: Outbox, actor: Actor, device_id: UUID, reason: RevocationReason, now: datetime
) -> CounterDevice:
    """Revoke a device of the actor's office; one that was revoked before stays so, for the reason of then.

    Raises: DeviceNotFound.
    """
    device = await devices.lock(tx, device_id)
    if device is None or not actor.acts_for(device.office):
        raise DeviceNotFound
    if device.revoked_at is not None:
        return device
    revoked = replace(device, revoked_at=now, revoked_by=actor.id, revoked_for=reason)
    await devices.revoke(tx, revoked)
    await end_sessions_on_device(tx, device_id, now)
    if (entry := revoked.directory_entry()) is not None:
        await directory.publish(tx, outbox, entry)
    return revoked
