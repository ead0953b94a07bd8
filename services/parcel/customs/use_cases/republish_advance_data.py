"""Tracking is told again which items may leave the country, after it lost that or before it could hear of it."""

from services.parcel.customs.store import declarations
from shared.contracts.parcel import ParcelAdvanceDataCompletedV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox

PORTION = 500


async def republish_advance_data(tx: Tx, outbox: Outbox, after: str) -> str | None:
    """Tell one portion again, in the order of item numbers; returns where to go on, or None. Locks the declarations.

    The declaration's version is that of now, which no earlier one that was told is above.
    """
    portion = await declarations.completed_after(tx, after, PORTION)
    await outbox.append(
        tx,
        [
            ParcelAdvanceDataCompletedV1(
                item_number=one.item_number, declaration_version=one.version, completed_at=one.completed_at
            )
            for one in portion
        ],
    )
    return portion[-1].item_number if len(portion) == PORTION else None
