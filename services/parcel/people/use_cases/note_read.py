"""Somebody of the staff looked at the data of people: that stays on record."""

from collections.abc import Sequence

from services.parcel.people.store import reads
from shared.access.roles import Actor
from shared.db.connection import Tx


async def note_read(tx: Tx, actor: Actor, what: str, item_numbers: Sequence[str]) -> None:
    """Note who read the data of people on these parcels, and by what."""
    await reads.note(tx, actor, what, item_numbers)
