"""A supervisor sees which papers of a parcel were printed, and which again."""

from datetime import datetime

from services.parcel.documents.domain.printed import Print
from services.parcel.documents.store import prints
from services.parcel.posting.use_cases.find_parcel import find_parcel
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_prints(
    tx: Tx, actor: Actor, item_number: str, after: tuple[datetime, str, int] | None, limit: int
) -> list[Print]:
    """Return the prints of a parcel that the actor may see, the last first; those after a time, kind and number.

    Raises: ParcelNotFound.
    """
    await find_parcel(tx, actor, item_number)
    return await prints.of_item(tx, item_number, after, limit)
