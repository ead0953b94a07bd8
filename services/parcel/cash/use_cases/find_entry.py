"""Somebody looks at one entry: where it came from, what became of it, and why, in the words of whoever made it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.drawer import READING
from services.parcel.cash.domain.entry import Entry, EntryNotFound
from services.parcel.cash.store import drawers, entries, seen_corrections, words
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class EntryStory:
    """An entry and what stands around it."""

    entry: Entry
    explanation: str | None
    """None too where its words are forgotten, which its digest of them shows."""
    corrected_by: UUID | None
    seen_at: datetime | None
    """When whoever it concerns said to have seen this correction."""


async def find_entry(tx: Tx, actor: Actor, entry_id: UUID) -> EntryStory:
    """Return an entry of the actor's drawer or making, a correction of one, or any of an office that they oversee.

    Raises: EntryNotFound.
    """
    entry = await entries.find(tx, entry_id)
    if entry is None or not await _is_seen(tx, actor, entry):
        raise EntryNotFound
    beside = (await words.of_entries(tx, [entry_id])).get(entry_id)
    await note_read(tx, actor, "cash entry", subjects=[entry_id])
    return EntryStory(
        entry,
        beside.words if beside else None,
        await entries.correction_of(tx, entry_id),
        await seen_corrections.seen_at(tx, entry_id),
    )


async def _is_seen(tx: Tx, actor: Actor, entry: Entry) -> bool:
    if not actor.acts_for(entry.office):
        return False
    if actor.role in READING or entry.recorded_by == actor.id:
        return True
    drawer = await drawers.find(tx, entry.drawer_id) if entry.drawer_id else None
    return (drawer is not None and drawer.staff == actor.id) or await entries.concerned(tx, entry.entry_id) == actor.id
