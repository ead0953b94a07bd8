"""Staff list the shops of their office; whose data they read is noted."""

from uuid import UUID

from services.parcel.people.domain.trader import Trader
from services.parcel.people.store import traders
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor, OtherOffice
from shared.db.connection import Tx


async def find_shops(tx: Tx, actor: Actor, after: tuple[str, UUID] | None, limit: int) -> list[Trader]:
    """Return the shops of the actor's office, of every office for those who act for all; those after a name and id.

    Raises: OtherOffice.
    """
    if actor.office is None and not actor.acts_for(None):
        raise OtherOffice
    found = await traders.of_office(tx, actor.office, after, limit)
    await note_read(tx, actor, "shop list", subjects=[trader.trader_id for trader in found])
    return found
