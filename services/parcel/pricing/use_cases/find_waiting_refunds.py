"""Those who decide look at what is asked for; its reasons may name people."""

from datetime import datetime
from uuid import UUID

from services.parcel.people.use_cases.note_read import note_read
from services.parcel.pricing.domain.void_request import DECIDING, VoidRequest
from services.parcel.pricing.store import void_requests
from shared.access.roles import EVERYWHERE, Actor
from shared.db.connection import Tx


async def find_waiting_refunds(
    tx: Tx, actor: Actor, office: str | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[VoidRequest]:
    """Return what nobody has decided, the oldest first: of an office, else of the actor's own or of all offices.

    Those after a time and id.

    Raises: OtherOffice.
    """
    if office and actor.role not in DECIDING:
        actor.must_act_for(office)
    looked_at = office or actor.office
    if looked_at is None and actor.role not in EVERYWHERE:
        return []
    found = await void_requests.waiting(tx, looked_at, after, limit)
    await note_read(tx, actor, "refund list", [one.item_number for one in found])
    return found
