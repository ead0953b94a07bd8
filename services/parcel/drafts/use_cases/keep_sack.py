"""Drafts that were announced together are a sack from the beginning."""

from services.parcel.drafts.domain.sack import Sack
from services.parcel.drafts.store import sacks
from shared.db.connection import Tx


async def keep_sack(tx: Tx, sack: Sack) -> None:
    """Keep a sack whose drafts name it already."""
    await sacks.add(tx, sack)
