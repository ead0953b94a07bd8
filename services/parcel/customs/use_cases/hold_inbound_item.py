"""An item from abroad is held for somebody who is about to change whom it is for, if that may still be changed."""

from services.parcel.customs.domain.inbound import InboundItem, InboundItemNotFound, InboundItemOver
from services.parcel.customs.store import inbound_items
from shared.access.roles import Actor
from shared.db.connection import Tx


async def hold_inbound_item(tx: Tx, actor: Actor, item_number: str) -> InboundItem:
    """Return an item that is under way and that the actor's office sees, locked.

    Raises: InboundItemNotFound, InboundItemOver.
    """
    held = await inbound_items.lock(tx, item_number)
    item = held or await inbound_items.find(tx, item_number)
    if item is None or not item.is_seen_by(actor):
        raise InboundItemNotFound
    if held is None or held.is_over:
        raise InboundItemOver
    return held
