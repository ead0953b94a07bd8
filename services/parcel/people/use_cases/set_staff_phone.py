"""A manager notes whose phone somebody's is, so that nobody lets themselves act for a shop."""

from uuid import UUID

from services.parcel.people.store import staff
from services.parcel.people.use_cases.find_managed_staff import find_managed_staff
from shared.access.roles import Actor
from shared.db.connection import Tx


async def set_staff_phone(tx: Tx, actor: Actor, staff_id: UUID, phone: str) -> None:
    """Keep a person's own phone, in E.164, in place of the one before.

    Raises: PersonNotFound, RoleNotYours.
    """
    await find_managed_staff(tx, actor, staff_id)
    await staff.set_phone(tx, staff_id, phone)
