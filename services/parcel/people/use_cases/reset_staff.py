"""A manager gives one who forgot theirs another passphrase."""

from datetime import datetime
from uuid import UUID

from services.parcel.people.store import staff
from services.parcel.people.use_cases.change_passphrase import change_passphrase
from services.parcel.people.use_cases.find_managed_staff import find_managed_staff
from shared.access.roles import Actor
from shared.db.connection import Tx


async def reset_staff(tx: Tx, actor: Actor, staff_id: UUID, passphrase_hash: str, now: datetime) -> None:
    """Replace a person's passphrase, take their second factor away, and end their sessions.

    Raises: PersonNotFound, RoleNotYours.
    """
    await find_managed_staff(tx, actor, staff_id)
    await staff.keep_second_factor(tx, staff_id, None)
    await change_passphrase(tx, staff_id, passphrase_hash, now)
