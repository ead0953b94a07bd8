"""Whose data the staff read is on record."""

from collections.abc import Sequence
from uuid import UUID

from services.parcel.people.store import reads
from shared.access.roles import Actor
from shared.db.connection import Tx


async def note_read(
    tx: Tx, actor: Actor, what: str, item_numbers: Sequence[str] = (), *, subjects: Sequence[UUID] = ()
) -> None:
    """Note that somebody of the staff read the data of people on these items, or of these shops or colleagues.

    What a shop reads of its own is not noted.
    """
    if (item_numbers or subjects) and actor.trader is None:
        await reads.note(tx, actor, what, item_numbers, subjects)
