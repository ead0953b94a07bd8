"""The sheet of a drawer's closing: each line it was reckoned from, what was counted, and why it differed."""

from dataclasses import dataclass
from uuid import UUID

from services.parcel.cash.domain.drawer import DrawerNotClosed
from services.parcel.cash.domain.entry import Entry
from services.parcel.cash.store import entries, words
from services.parcel.cash.use_cases.find_drawer import DrawerState, find_drawer
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class ClosingSheet:
    """A closed drawer, and the entry of its closing, with which the office's ledger ended then."""

    state: DrawerState
    closing: Entry
    explanation: str | None


async def draw_closing_sheet(tx: Tx, actor: Actor, drawer_id: UUID) -> ClosingSheet:
    """Return the sheet of a drawer that the actor may see.

    Raises: DrawerNotFound, DrawerNotClosed.
    """
    state = await find_drawer(tx, actor, drawer_id)
    entry_id = state.drawer.closing_entry_id
    closing = await entries.find(tx, entry_id) if entry_id else None
    if closing is None:
        raise DrawerNotClosed
    beside = (await words.of_entries(tx, [closing.entry_id])).get(closing.entry_id)
    await note_read(tx, actor, "cash closing", subjects=[closing.entry_id])
    return ClosingSheet(state, closing, beside.words if beside else None)
