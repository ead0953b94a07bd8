"""A manager lets a person work in their office, an administrator in any."""

from collections.abc import Collection

from services.parcel.people.domain.staff import RoleNotYours, Staff, may_manage, must_fit_office
from services.parcel.people.use_cases.add_staff import add_staff
from shared.access.roles import Actor, Role
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def hire_staff(tx: Tx, outbox: Outbox, actor: Actor, person: Staff, offices: Collection[str]) -> None:
    """Add a person whom the actor may manage.

    Raises: RoleNotYours, OtherOffice, Invalid, NameTaken.
    """
    must_fit_office(person.role, person.office, offices)
    if not may_manage(actor.role, person.role):
        raise RoleNotYours
    if actor.role is not Role.ADMINISTRATOR:
        actor.must_act_for(person.office or "")
    await add_staff(tx, outbox, person)
