"""A person joins the staff."""

from services.parcel.people.domain.staff import Staff
from services.parcel.people.store import staff
from shared.access import directory
from shared.contracts.directory import ActorV1
from shared.db.connection import Tx
from shared.errors import Conflict
from shared.messaging.outbox import Outbox


class NameTaken(Conflict):
    """Somebody has this name already."""

    slug = "name-taken"


async def add_staff(tx: Tx, outbox: Outbox, person: Staff) -> None:
    """Add a person and tell every service that they may act.

    Raises: NameTaken.
    """
    if not await staff.add(tx, person):
        raise NameTaken
    entry = ActorV1(actor=str(person.staff_id), role=person.role.value, office=person.office, disabled=False, version=1)
    await directory.publish(tx, outbox, entry)
