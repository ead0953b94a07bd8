"""A clerk has seen that what they recorded was corrected."""

from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.correction import CorrectionNotYours
from services.parcel.cash.domain.entry import EntryNotFound
from services.parcel.cash.store import entries, seen_corrections
from shared.access.roles import Actor
from shared.db.connection import Tx


async def see_correction(tx: Tx, actor: Actor, entry_id: UUID, now: datetime) -> None:
    """Note that the actor has seen a correction of an entry of theirs; seen before stays so.

    Raises: EntryNotFound, CorrectionNotYours.
    """
    entry, concerned = await entries.find(tx, entry_id), await entries.concerned(tx, entry_id)
    if entry is None or concerned is None or not actor.acts_for(entry.office):
        raise EntryNotFound
    if concerned != actor.id:
        raise CorrectionNotYours
    await seen_corrections.add(tx, entry_id, actor.id, now)
