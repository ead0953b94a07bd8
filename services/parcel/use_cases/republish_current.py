"""The compacted topics are filled again from current rows, after a broker lost its disk."""

from services.parcel.store import parcels
from shared.access import directory
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox

PORTION = 500


async def republish_directory(tx: Tx, outbox: Outbox) -> int:
    """Send every entry of the directory again under the version it has; returns how many."""
    await directory.hold_still(tx)
    entries = [entry for kind in directory.EVENTS for entry in await directory.all_of(tx, kind)]
    await outbox.append(tx, entries)
    return len(entries)


async def republish_contacts(tx: Tx, outbox: Outbox, after: str) -> str | None:
    """Send one portion of contacts again, in the order of item numbers; returns where to go on, or None."""
    portion = await parcels.after(tx, after, PORTION)
    await outbox.append(tx, [parcel.contacts() for parcel in portion])
    return portion[-1].item_number if len(portion) == PORTION else None
