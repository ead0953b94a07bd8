"""The topic of contacts gets those of items from abroad again, after a broker lost its disk."""

from services.parcel.customs.store import inbound_corrections, inbound_items
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox

PORTION = 500


async def republish_inbound_contacts(tx: Tx, outbox: Outbox, after: str) -> str | None:
    """Send one portion again, in the order of item numbers; returns where to go on, or None. Locks the items.

    That a phone was taken away is sent again too: whoever lost it would go on telling who had it.
    """
    portion = await inbound_items.after(tx, after, PORTION)
    unreached = [item.item_number for item in portion if item.addressee.phone is None]
    reached_before = await inbound_corrections.reached_before(tx, unreached)
    told = [item.contacts_as_told(had_phone=item.item_number in reached_before) for item in portion]
    await outbox.append(tx, [contacts for contacts in told if contacts])
    return portion[-1].item_number if len(portion) == PORTION else None
