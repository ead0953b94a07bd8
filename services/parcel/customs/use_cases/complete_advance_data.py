"""All that the post of destination must know ahead is there: it is noted and told, anew when that changes."""

from datetime import datetime

from services.parcel.customs.domain.advance_data import missing_elements
from services.parcel.customs.domain.declaration import DeclarationNotFound
from services.parcel.customs.domain.posted_item import PostedItem
from services.parcel.customs.store import declarations
from shared.clock import LOCAL
from shared.contracts.parcel import ParcelAdvanceDataCompletedV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def complete_advance_data(
    tx: Tx, outbox: Outbox, item: PostedItem, now: datetime
) -> ParcelAdvanceDataCompletedV1 | None:
    """Note when no mandatory element is missing, and tell it; returns the event, None if this declaration was told.

    Raises: DeclarationNotFound.
    """
    declared = await declarations.find(tx, item.item_number)
    if declared is None:
        raise DeclarationNotFound
    if missing_elements(declared.declaration, item, now.astimezone(LOCAL).date()):
        return None
    version = await declarations.complete(tx, item.item_number, now)
    if not version:
        return None
    event = ParcelAdvanceDataCompletedV1(item_number=item.item_number, declaration_version=version, completed_at=now)
    await outbox.append(tx, [event])
    return event
