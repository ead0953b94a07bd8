"""A program under test lets a practice parcel go one step on its walk."""

from uuid import UUID

from services.parcel.practice.domain.practice_parcel import PracticeParcel, PracticeParcelNotFound
from services.parcel.practice.store import practice_parcels
from shared.db.connection import Tx


async def step_practice_parcel(tx: Tx, trader_id: UUID, item_number: str) -> PracticeParcel:
    """Move a practice parcel to its next state; at the end of its walk it stays.

    Raises: PracticeParcelNotFound.
    """
    one = await practice_parcels.step(tx, trader_id, item_number)
    if one is None:
        raise PracticeParcelNotFound
    return one
