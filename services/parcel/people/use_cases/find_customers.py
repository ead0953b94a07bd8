"""A counter gets the shops of its office by name, to find them without a line; nobody who acts for one is named."""

from services.parcel.people.store import traders
from services.parcel.people.store.traders import Customer
from shared.db.connection import Tx


async def find_customers(tx: Tx, office: str, limit: int) -> list[Customer]:
    """Return the open shops of an office, by name."""
    return await traders.customers_of(tx, office, limit)
