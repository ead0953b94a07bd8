"""What tracking told: the events of its outbox, in the order in which they will go out."""

from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Tx
from shared.messaging import outbox


async def events(tx: Tx) -> list[ParcelMovedV1]:
    """Return the events that wait in the outbox."""
    return [ParcelMovedV1.model_validate_json(unsent.row.payload) for unsent in await outbox.unsent(tx, 0, 100_000)]
