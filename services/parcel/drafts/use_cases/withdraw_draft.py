"""A shop, or the counter for a visitor, takes back what was announced."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.drafts.domain.draft import Draft, DraftClosed, DraftNotFound, DraftState
from services.parcel.drafts.store import drafts
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


async def withdraw_draft(tx: Tx, actor: Actor, draft_id: UUID, now: datetime) -> Draft:
    """Close a draft without a parcel; one that is withdrawn already stays so.

    Raises: DraftNotFound, DraftClosed.
    """
    draft = await drafts.lock(tx, draft_id)
    if draft is None or not draft.is_seen_by(actor):
        raise DraftNotFound
    await note_read(tx, actor, "draft", subjects=[draft_id])
    if draft.state is DraftState.WITHDRAWN:
        return draft
    if draft.state is not DraftState.ANNOUNCED:
        raise DraftClosed
    await drafts.close(tx, draft_id, DraftState.WITHDRAWN, now)
    return replace(draft, state=DraftState.WITHDRAWN, closed_at=now, announced=None)
