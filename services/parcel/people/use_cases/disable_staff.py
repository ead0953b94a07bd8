"""A person may no longer act, in any service, from now on."""

from datetime import datetime
from uuid import UUID

from services.parcel.people.domain.staff import PersonNotFound
from services.parcel.people.store import sessions, staff
from shared.access import directory
from shared.access.roles import Actor
from shared.contracts.directory import ActorV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def disable_staff(tx: Tx, outbox: Outbox, actor: Actor, staff_id: UUID, now: datetime) -> None:
    """Disable a person of the actor's own office and tell every service.

    Raises: PersonNotFound; the transaction must then be rolled back.
    """
    person = await staff.disable(tx, staff_id, now)
    if person is None or not actor.acts_for(person.office):
        raise PersonNotFound
    await sessions.end_all_of(tx, str(staff_id), now)
    entry = ActorV1(actor=str(staff_id), role=person.role.value, office=person.office, disabled=True, version=1)
    await directory.publish(tx, outbox, entry)
