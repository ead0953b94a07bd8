"""Whose data the staff read is on record."""

from collections.abc import Sequence

from services.parcel.people.store import reads
from shared.access.roles import Actor
from shared.db.connection import Tx


async def note_read(tx: Tx, actor: Actor, what: str, item_numbers: Sequence[str]) -> None:
    """Note that somebody of the staff read the data of people on these items; a shop's own are not noted."""
    if item_numbers and actor.trader is None:
        await reads.note(tx, actor, what, item_numbers)
