"""Money came in with parcels that were handed over: what was due on them."""

from collections.abc import Sequence

from services.parcel.posting.domain.money_due import MoneyDue, money_due
from services.parcel.posting.store import parcels
from shared.db.connection import Tx


async def find_money_due(tx: Tx, item_numbers: Sequence[str]) -> dict[str, MoneyDue]:
    """Return what is due on each of our parcels among these numbers, by number."""
    found = await parcels.of_numbers(tx, sorted(set(item_numbers)))
    return {parcel.item_number: money_due(parcel) for parcel in found}
