"""Managers and auditors look at who works where; that they did is noted."""

from services.parcel.people.domain.staff import Staff
from services.parcel.people.store import staff
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_staff(tx: Tx, actor: Actor, after: str | None, limit: int) -> list[Staff]:
    """Return the staff of the actor's office by name, of every office for those who act for all; those after a name."""
    if actor.office is None and not actor.acts_for(None):
        return []
    found = await staff.of_office(tx, actor.office, after, limit)
    await note_read(tx, actor, "staff list", subjects=[person.staff_id for person in found])
    return found
