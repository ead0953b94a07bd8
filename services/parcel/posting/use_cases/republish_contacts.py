"""The topic of contacts is filled again from current rows, after a broker lost its disk."""

from services.parcel.posting.store import parcels
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox

PORTION = 500


async def republish_contacts(tx: Tx, outbox: Outbox, after: str) -> str | None:
    """Send one portion again, in the order of item numbers; returns where to go on, or None. Locks the parcels."""
    portion = await parcels.after(tx, after, PORTION)
    await outbox.append(tx, [parcel.contacts() for parcel in portion])
    return portion[-1].item_number if len(portion) == PORTION else None
