"""Staff and shops look at a draft; that staff did is noted."""

from uuid import UUID

from services.parcel.drafts.domain.draft import Draft, DraftNotFound
from services.parcel.drafts.store import drafts
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_draft(tx: Tx, actor: Actor, draft_id: UUID) -> Draft:
    """Return a draft of the actor's shop, or one that will be handed in at the actor's office.

    Raises: DraftNotFound.
    """
    draft = await drafts.find(tx, draft_id)
    if draft is None or not draft.is_seen_by(actor):
        raise DraftNotFound
    await note_read(tx, actor, "draft", subjects=[draft_id])
    return draft
