"""Tracking is told again what holds items from abroad, after it lost that or before it could hear of it."""

from services.parcel.customs.store import inbound_items
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox

PORTION = 500


async def republish_charges(tx: Tx, outbox: Outbox, after: str) -> str | None:
    """Tell one portion again, in the order of item numbers; returns where to go on, or None. Locks the items."""
    portion = await inbound_items.after(tx, after, PORTION)
    await outbox.append(tx, [item.charges_set() for item in portion if item.payment])
    return portion[-1].item_number if len(portion) == PORTION else None
