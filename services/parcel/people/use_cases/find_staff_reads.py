"""An auditor sees whose data a member of staff read; that they looked is noted as well."""

from uuid import UUID

from services.parcel.people.domain.staff import PersonNotFound
from services.parcel.people.store import reads, staff
from services.parcel.people.store.reads import StaffRead
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_staff_reads(tx: Tx, actor: Actor, staff_id: UUID, before: int | None, limit: int) -> list[StaffRead]:
    """Return the reads that a person made, the last first; those before one read.

    Raises: PersonNotFound.
    """
    person = await staff.by_id(tx, staff_id)
    if person is None or not actor.acts_for(person.office):
        raise PersonNotFound
    await note_read(tx, actor, "staff reads", subjects=[staff_id])
    return await reads.by_reader(tx, str(staff_id), before, limit)
