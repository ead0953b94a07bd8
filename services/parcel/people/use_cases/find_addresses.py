"""A shop and auditors look at whom the shop sends to; that staff did is noted."""

from datetime import datetime
from uuid import UUID

from services.parcel.people.domain.address_book import Entry
from services.parcel.people.store import address_book
from services.parcel.people.use_cases.find_shop import find_shop
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_addresses(
    tx: Tx, actor: Actor, trader_id: UUID, phone: str | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[Entry]:
    """Return whom a shop that the actor may see sends to, the last kept first; the one of a phone, or after a time.

    Raises: TraderNotFound.
    """
    await find_shop(tx, actor, trader_id)
    await note_read(tx, actor, "address book", subjects=[trader_id])
    return await address_book.of_trader(tx, trader_id, phone, after, limit)
