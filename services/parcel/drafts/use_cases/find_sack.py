"""A counter scans the code of a sack, or a shop looks at it; that staff did is noted."""

from uuid import UUID

from services.parcel.drafts.domain.draft import Draft
from services.parcel.drafts.domain.sack import Sack, SackNotFound
from services.parcel.drafts.store import drafts, sacks
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_sack(tx: Tx, actor: Actor, sack_id: UUID) -> tuple[Sack, list[Draft]]:
    """Return a sack of the actor's shop, or one that comes to the actor's office, with its drafts by their numbers.

    Raises: SackNotFound.
    """
    sack = await sacks.find(tx, sack_id)
    if sack is None or not sack.is_seen_by(actor):
        raise SackNotFound
    await note_read(tx, actor, "sack", subjects=[sack_id])
    return sack, await drafts.of_sack(tx, sack_id)
