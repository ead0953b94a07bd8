"""The topic of contacts gets those of items from abroad again, after a broker lost its disk."""

from services.parcel.customs.store import inbound_items
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox

PORTION = 500


async def republish_inbound_contacts(tx: Tx, outbox: Outbox, after: str) -> str | None:
    """Send one portion again, in the order of item numbers; returns where to go on, or None. Locks the items."""
    portion = await inbound_items.after(tx, after, PORTION)
    await outbox.append(tx, [contacts for item in portion if (contacts := item.contacts())])
    return portion[-1].item_number if len(portion) == PORTION else None
