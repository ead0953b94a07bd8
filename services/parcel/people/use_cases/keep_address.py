"""A shop keeps a person whom it sends to."""

from dataclasses import replace
from datetime import datetime

from services.parcel.people.domain.address_book import Entry
from services.parcel.people.domain.trader import ShopClosed
from services.parcel.people.store import address_book, traders
from shared.db.connection import Tx


async def keep_address(tx: Tx, entry: Entry, now: datetime) -> Entry:
    """Keep a person, in place of the one of the same phone; returns the entry as kept. The shop stays open meanwhile.

    Raises: ShopClosed.
    """
    if not await traders.hold_open(tx, entry.trader_id):
        raise ShopClosed
    return replace(entry, entry_id=await address_book.keep(tx, entry, now), kept_at=now)
