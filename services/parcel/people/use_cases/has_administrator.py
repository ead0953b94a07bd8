"""Whether anybody may let others in."""

from services.parcel.people.store import staff
from shared.db.connection import Tx


async def has_administrator(tx: Tx) -> bool:
    """Tell whether there is an administrator; none other can be added until the transaction ends."""
    await staff.hold_still(tx)
    return await staff.any_administrator(tx)
