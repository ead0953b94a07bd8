"""A person who was disabled may act again, in any service, from now on."""

from datetime import datetime
from uuid import UUID

from services.parcel.people.domain.staff import MayActAlready
from services.parcel.people.store import staff
from services.parcel.people.use_cases.find_managed_staff import find_managed_staff
from services.parcel.people.use_cases.reset_staff import reset_staff
from shared.access import directory
from shared.access.roles import Actor
from shared.contracts.directory import ActorV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def enable_staff(
    tx: Tx, outbox: Outbox, actor: Actor, staff_id: UUID, passphrase_hash: str, now: datetime
) -> None:
    """Enable a person whom the actor may manage, with another passphrase and no second factor, and tell every service.

    Sessions of before stay ended.

    Raises: PersonNotFound, RoleNotYours, MayActAlready.
    """
    person = await find_managed_staff(tx, actor, staff_id)
    if not await staff.enable(tx, staff_id):
        raise MayActAlready
    await reset_staff(tx, actor, staff_id, passphrase_hash, now)
    entry = ActorV1(actor=str(staff_id), role=person.role.value, office=person.office, disabled=False, version=1)
    await directory.publish(tx, outbox, entry)
