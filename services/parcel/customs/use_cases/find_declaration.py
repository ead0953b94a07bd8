"""Staff read what was declared of an item."""

from services.parcel.customs.domain.declaration import DeclarationNotFound, Declared
from services.parcel.customs.store import declarations
from shared.db.connection import Tx


async def find_declaration(tx: Tx, item_number: str) -> Declared:
    """Return the declaration of an item that the caller may see.

    Raises: DeclarationNotFound.
    """
    declared = await declarations.find(tx, item_number)
    if declared is None:
        raise DeclarationNotFound
    return declared
