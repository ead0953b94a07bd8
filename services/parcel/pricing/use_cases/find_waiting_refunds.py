"""Those who decide look at what is asked for."""

from services.parcel.pricing.domain.void_request import VoidRequest
from services.parcel.pricing.store import void_requests
from shared.access.roles import EVERYWHERE, Actor
from shared.db.connection import Tx


async def find_waiting_refunds(tx: Tx, actor: Actor, limit: int) -> list[VoidRequest]:
    """Return what nobody has decided, of the actor's office or of all offices, the oldest first."""
    if actor.office is None and actor.role not in EVERYWHERE:
        return []
    return await void_requests.waiting(tx, actor.office, limit)
