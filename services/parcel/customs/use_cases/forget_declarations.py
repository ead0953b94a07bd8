"""What declarations say of people is forgotten with the people of their parcels; what was sent remains."""

from collections.abc import Sequence
from datetime import datetime

from services.parcel.customs.store import declarations
from shared.db.connection import Tx


async def forget_declarations(tx: Tx, item_numbers: Sequence[str], now: datetime) -> None:
    """Forget persons and free words in the declarations of parcels; locks them."""
    await declarations.erase_people(tx, item_numbers, now)
