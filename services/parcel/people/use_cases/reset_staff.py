"""A manager gives one who forgot theirs another passphrase."""

from datetime import datetime
from uuid import UUID

from services.parcel.people.domain.staff import PersonNotFound, RoleNotYours, may_manage
from services.parcel.people.store import staff
from services.parcel.people.use_cases.change_passphrase import change_passphrase
from shared.access.roles import Actor
from shared.db.connection import Tx


async def reset_staff(tx: Tx, actor: Actor, staff_id: UUID, passphrase_hash: str, now: datetime) -> None:
    """Replace a person's passphrase, take their second factor away, and end their sessions.

    Raises: PersonNotFound, RoleNotYours.
    """
    person = await staff.by_id(tx, staff_id)
    if person is None or not actor.acts_for(person.office):
        raise PersonNotFound
    if not may_manage(actor.role, person.role):
        raise RoleNotYours
    await staff.keep_second_factor(tx, staff_id, None)
    await change_passphrase(tx, staff_id, passphrase_hash, now)
