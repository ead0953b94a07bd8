"""Staff list the shops of their office."""

from services.parcel.people.domain.trader import Trader
from services.parcel.people.store import traders
from shared.access.roles import Actor, OtherOffice
from shared.db.connection import Tx

MOST = 500


async def find_shops(tx: Tx, actor: Actor) -> list[Trader]:
    """Return the shops of the actor's office, of every office for those who act for all.

    Raises: OtherOffice.
    """
    if actor.office is None and not actor.acts_for(None):
        raise OtherOffice
    return await traders.of_office(tx, actor.office, MOST)
