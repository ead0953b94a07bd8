"""What a carrier has of some items by the ledger: all that recipients gave it, postage too."""

from collections.abc import Sequence

from services.parcel.cash.domain.accounts import Account
from services.parcel.cash.store import entries
from shared.db.connection import Tx


async def find_owed(tx: Tx, office: str, carrier: str, item_numbers: Sequence[str]) -> dict[str, int]:
    """Return by currency what a carrier collected for items of an office, in the minor unit."""
    return await entries.of_items(tx, office, Account.CARRIER, carrier, item_numbers)
