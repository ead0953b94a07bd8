"""A person may no longer act, in any service, from now on."""

from datetime import datetime
from uuid import UUID

from services.parcel.people.domain.staff import LastAdministrator
from services.parcel.people.store import sessions, staff
from services.parcel.people.use_cases.find_managed_staff import find_managed_staff
from shared.access import directory
from shared.access.roles import Actor, Role
from shared.contracts.directory import ActorV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def disable_staff(tx: Tx, outbox: Outbox, actor: Actor, staff_id: UUID, now: datetime) -> None:
    """Disable a person of the actor's own office whom the actor may manage, and tell every service.

    Raises: PersonNotFound, RoleNotYours, LastAdministrator.
    """
    person = await find_managed_staff(tx, actor, staff_id)
    # Locked first: of two who disable each other at once, one stays.
    if person.role is Role.ADMINISTRATOR and await staff.lock_administrators(tx) == [staff_id]:
        raise LastAdministrator
    await staff.disable(tx, staff_id, now)
    await sessions.end_all_of(tx, str(staff_id), now)
    entry = ActorV1(actor=str(staff_id), role=person.role.value, office=person.office, disabled=True, version=1)
    await directory.publish(tx, outbox, entry)
