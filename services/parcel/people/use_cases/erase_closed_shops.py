"""The people of shops that closed long ago are forgotten, and those who left a shop long ago."""

from datetime import datetime, timedelta

from services.parcel.people.store import address_book, api_keys, trader_members, traders
from services.parcel.people.use_cases.add_member import member_entry
from shared.access import directory
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox

PORTION = 500


async def erase_closed_shops(tx: Tx, outbox: Outbox, kept_for: timedelta, now: datetime) -> int:
    """Forget one portion of shops, members and people in address books; returns how many. Locks them.

    Who is forgotten may act no more, which every service is told.
    """
    before = now - kept_for
    members = await trader_members.erase(tx, before, now, PORTION)
    for member in members:
        await directory.publish(tx, outbox, member_entry(member))
    await api_keys.erase(tx, before)
    people = await address_book.erase(tx, before, PORTION)
    return len(members) + people + await traders.erase(tx, before, now, PORTION)
