"""What a sitting comes to so far: the seam at which whoever books money reads total and lines."""

from uuid import UUID

from services.parcel.drafts.domain.sitting import Sitting, SittingNotFound, Statement, statement_of
from services.parcel.drafts.store import sittings
from services.parcel.posting.use_cases.find_registered import find_registered
from shared.access.roles import Actor
from shared.db.connection import Tx


async def state_sitting(tx: Tx, actor: Actor, sitting_id: UUID) -> Statement:
    """Return the lines of a sitting and their total.

    Raises: SittingNotFound.
    """
    sitting = await sittings.find(tx, sitting_id)
    if sitting is None or not sitting.is_seen_by(actor):
        raise SittingNotFound
    return await statement(tx, sitting)


async def statement(tx: Tx, sitting: Sitting) -> Statement:
    """Return what a sitting that is at hand comes to."""
    return statement_of(sitting, await find_registered(tx, await sittings.items(tx, sitting.sitting_id)))
