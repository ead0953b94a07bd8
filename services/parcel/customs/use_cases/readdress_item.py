"""Whom an item from abroad is for is written anew, and who did it, from what to what, stays on record."""

from datetime import datetime

from services.parcel.customs.domain.inbound import InboundItem, TakenIn
from services.parcel.customs.domain.inbound_correction import Correction
from services.parcel.customs.store import inbound_corrections, inbound_items
from shared.access.roles import Actor
from shared.db.connection import Tx


async def readdress_item(tx: Tx, actor: Actor, known: InboundItem, wanted: InboundItem, now: datetime) -> TakenIn:
    """Write an item as it is wanted; returns it with whom to tell from now on. The caller holds its lock."""
    changed = await inbound_items.change(tx, wanted)
    correction = Correction(
        item_number=changed.item_number,
        version=changed.version,
        was=known.addressee,
        became=changed.addressee,
        waited_at=known.collecting_office,
        waits_at=changed.collecting_office,
        corrected_by=actor.id,
        office=actor.office,
        corrected_at=now,
    )
    await inbound_corrections.add(tx, correction)
    return TakenIn(changed, changed.contacts_after(known))
