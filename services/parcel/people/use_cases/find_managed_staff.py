"""A manager looks for one whose right to work here they may change."""

from uuid import UUID

from services.parcel.people.domain.staff import PersonNotFound, RoleNotYours, Staff, may_manage
from services.parcel.people.store import staff
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_managed_staff(tx: Tx, actor: Actor, staff_id: UUID) -> Staff:
    """Return a person of the actor's own office, of any for those who act for all, whom the actor may manage.

    Raises: PersonNotFound, RoleNotYours.
    """
    person = await staff.by_id(tx, staff_id)
    if person is None or not actor.acts_for(person.office):
        raise PersonNotFound
    if not may_manage(actor.role, person.role):
        raise RoleNotYours
    return person
