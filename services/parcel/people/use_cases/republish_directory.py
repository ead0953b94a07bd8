"""The directory's topic is filled again from current rows, after a broker lost its disk."""

from shared.access import directory
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def republish_directory(tx: Tx, outbox: Outbox) -> int:
    """Send every entry again under the version it has; returns how many. Holds the directory still meanwhile."""
    await directory.hold_still(tx)
    entries = [entry for kind in directory.EVENTS for entry in await directory.all_of(tx, kind)]
    await outbox.append(tx, entries)
    return len(entries)
