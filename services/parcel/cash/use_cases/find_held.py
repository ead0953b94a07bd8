"""Somebody asks what all offices together hold for senders by the ledger."""

from services.parcel.cash.domain.accounts import Account
from services.parcel.cash.store import balances
from shared.db.connection import Tx


async def find_held(tx: Tx) -> dict[str, int]:
    """Return by currency what was collected for senders and is not paid out, in the minor unit."""
    return {currency: -quantity for currency, quantity in (await balances.of_all(tx, Account.COD_HELD)).items()}
