"""A shop forgets a person whom it sent to."""

from uuid import UUID

from services.parcel.people.domain.address_book import EntryNotFound
from services.parcel.people.store import address_book
from shared.db.connection import Tx


async def forget_address(tx: Tx, trader_id: UUID, entry_id: UUID) -> None:
    """Delete an entry of a shop.

    Raises: EntryNotFound.
    """
    if not await address_book.forget(tx, trader_id, entry_id):
        raise EntryNotFound
