"""Staff and traders look at one shop, if they may."""

from uuid import UUID

from services.parcel.people.domain.trader import Trader, TraderNotFound
from services.parcel.people.store import traders
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_shop(tx: Tx, actor: Actor, trader_id: UUID) -> Trader:
    """Return a shop of the actor's office, or the actor's own.

    Raises: TraderNotFound.
    """
    trader = await traders.find(tx, trader_id)
    if trader is None or not (str(trader_id) == actor.trader if actor.trader else actor.acts_for(trader.office)):
        raise TraderNotFound
    return trader
