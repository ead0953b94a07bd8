"""Those who decide look at what is asked for; its reasons may name people."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from services.parcel.people.use_cases.note_read import note_read
from services.parcel.pricing.domain.void_request import VoidRequest, looked_at
from services.parcel.pricing.store import void_requests
from shared.access.roles import Actor
from shared.contracts.directory import OfficeV1
from shared.db.connection import Tx


async def find_waiting_refunds(
    tx: Tx,
    actor: Actor,
    office: str | None,
    offices: Mapping[str, OfficeV1],
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[VoidRequest]:
    """Return what nobody has decided, the oldest first: of an office, else of the actor's own, their district's or all.

    Those after a time and id.

    Raises: OtherOffice.
    """
    found = await void_requests.waiting(tx, looked_at(actor, office, offices), after, limit)
    await note_read(tx, actor, "refund list", [one.item_number for one in found])
    return found
