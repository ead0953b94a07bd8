"""Whoever makes entries at several offices one after another holds all of their ledgers first, in one order."""

from collections.abc import Iterable

from services.parcel.cash.store import chains
from shared.db.connection import Tx


async def hold_ledgers(tx: Tx, offices: Iterable[str]) -> None:
    """Keep others from adding to these offices' ledgers until the transaction ends; no two wait for each other."""
    await chains.lock(tx, sorted(set(offices)))
