"""A customer comes to a counter with announced parcels."""

from datetime import datetime
from uuid import UUID

from services.parcel.drafts.domain.sitting import Sitting
from services.parcel.drafts.store import sittings
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.ids import new_id


async def open_sitting(
    tx: Tx, actor: Actor, office: str, trader_id: UUID | None, now: datetime, *, fits_limits: bool
) -> Sitting:
    """Begin a sitting at an office of the actor's.

    Raises: OtherOffice.
    """
    actor.must_act_for(office)
    sitting = Sitting(new_id(), office, trader_id, fits_limits, actor.id, now)
    await sittings.add(tx, sitting)
    return sitting
