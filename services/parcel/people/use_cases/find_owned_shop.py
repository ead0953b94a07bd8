"""An owner, or the office where a shop was opened, sets who and what acts for it."""

from uuid import UUID

from services.parcel.people.domain.trader import OwnerNeeded, Trader
from services.parcel.people.store import trader_members
from services.parcel.people.use_cases.find_shop import find_shop
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_owned_shop(tx: Tx, actor: Actor, trader_id: UUID) -> Trader:
    """Return a shop of the actor's office, or one that the actor owns.

    Raises: TraderNotFound, OwnerNeeded.
    """
    trader = await find_shop(tx, actor, trader_id)
    if actor.trader is not None and not await trader_members.is_owner(tx, trader_id, actor.id):
        raise OwnerNeeded
    return trader
