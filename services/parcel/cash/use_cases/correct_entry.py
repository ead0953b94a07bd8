"""An administrator corrects what was booked: the entry stays, another takes it back, and its clerk is shown that."""

from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.accounts import Posting
from services.parcel.cash.domain.correction import EntryCorrected, correcting_postings
from services.parcel.cash.domain.entry import Cause, Draft, Entry, EntryNotFound, Kind
from services.parcel.cash.store import chains, entries, paid_items
from services.parcel.cash.use_cases.enter import enter
from shared.access.roles import Actor
from shared.db.connection import Tx


async def correct_entry(
    tx: Tx, actor: Actor, entry_id: UUID, instead: tuple[Posting, ...], reason: str, now: datetime
) -> Entry:
    """Take an entry back and book other postings in its place; with none there, what it paid for is due again.

    Raises: EntryNotFound, EntryCorrected, Invalid.
    """
    corrected = await entries.find(tx, entry_id)
    if corrected is None or not actor.acts_for(corrected.office):
        raise EntryNotFound
    await chains.lock(tx, [corrected.office])
    if await entries.correction_of(tx, entry_id):
        raise EntryCorrected
    draft = Draft(
        corrected.office,
        Kind.CORRECTION,
        correcting_postings(corrected, instead),
        Cause("correction", str(entry_id)),
        actor.id,
        corrected.occurred_at,
        now,
        drawer_id=corrected.drawer_id,
        item_numbers=corrected.item_numbers,
        riel_per_usd=corrected.riel_per_usd,
        corrects=entry_id,
        words=reason,
    )
    (entered,) = await enter(tx, [draft])
    if not instead:
        await paid_items.take_back(tx, entry_id)
    return entered.entry
