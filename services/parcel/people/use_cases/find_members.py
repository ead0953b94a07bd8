"""Staff and traders look at who acts for a shop; that staff did is noted."""

from uuid import UUID

from services.parcel.people.domain.trader import Member, Trader
from services.parcel.people.store import trader_members
from services.parcel.people.use_cases.find_shop import find_shop
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_members(tx: Tx, actor: Actor, trader_id: UUID) -> tuple[Trader, list[Member]]:
    """Return a shop and those who act for it, or did.

    Raises: TraderNotFound.
    """
    trader = await find_shop(tx, actor, trader_id)
    await note_read(tx, actor, "shop", subjects=[trader_id])
    return trader, await trader_members.of_trader(tx, trader_id)
