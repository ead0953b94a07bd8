"""Staff and shops list drafts; whose data staff read is noted."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.drafts.domain.draft import Draft
from services.parcel.drafts.store import drafts
from services.parcel.drafts.store.drafts import Filter
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor, OtherOffice
from shared.db.connection import Tx


async def find_drafts(
    tx: Tx, actor: Actor, wanted: Filter, after: tuple[datetime, UUID] | None, limit: int
) -> list[Draft]:
    """Return drafts of the actor's shop, or of the actor's office, the last announced first.

    Raises: OtherOffice.
    """
    found = await drafts.matching(tx, _within_reach(actor, wanted), after, limit)
    await note_read(tx, actor, "draft list", subjects=[draft.draft_id for draft in found])
    return found


def _within_reach(actor: Actor, wanted: Filter) -> Filter:
    if actor.trader is not None:
        return replace(wanted, trader_id=UUID(actor.trader))
    office = wanted.office or actor.office
    if not actor.acts_for(office):
        raise OtherOffice
    return replace(wanted, office=office)
