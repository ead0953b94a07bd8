"""Table personal_data_read: who of the staff read whose data, on parcels and items from abroad, of shops and staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.access.roles import Actor
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Read:
    """One look at the data of people."""

    read_id: int
    read_at: datetime
    actor: str
    office: str | None
    what: str


@dataclass(frozen=True, slots=True)
class StaffRead(Read):
    """One look that a member of staff took, and at whom: on which items, of which shops and colleagues."""

    item_numbers: list[str]
    subjects: list[UUID]


async def note(tx: Tx, actor: Actor, what: str, item_numbers: Sequence[str], subjects: Sequence[UUID]) -> None:
    """Note that somebody read the data of people on these parcels, or of these shops and colleagues."""
    await tx.execute(
        """
        insert into personal_data_read (actor, office, what, item_numbers, subjects) values ($1, $2, $3, $4, $5)
        """,
        actor.id,
        actor.office,
        what,
        item_numbers,
        subjects,
    )


async def of_parcel(tx: Tx, item_number: str, before: int | None, limit: int) -> list[Read]:
    """Return who read the data on a parcel, the last first; those before one read."""
    records = await tx.fetch(
        """
        select read_id, read_at, actor, office, what from personal_data_read
        where item_numbers @> array[$1::text] and ($2::bigint is null or read_id < $2) order by read_id desc limit $3
        """,
        item_number,
        before,
        limit,
    )
    return [Read(**dict(record)) for record in records]


async def of_subject(tx: Tx, subject: UUID, before: int | None, limit: int) -> list[Read]:
    """Return who read the data of a shop or a colleague, the last first; those before one read."""
    records = await tx.fetch(
        """
        select read_id, read_at, actor, office, what from personal_data_read
        where cardinality(subjects) > 0 and subjects @> array[$1::uuid] and ($2::bigint is null or read_id < $2)
        order by read_id desc limit $3
        """,
        subject,
        before,
        limit,
    )
    return [Read(**dict(record)) for record in records]


async def by_reader(tx: Tx, actor: str, before: int | None, limit: int) -> list[StaffRead]:
    """Return whose data somebody read, the last first; those before one read."""
    records = await tx.fetch(
        """
        select read_id, read_at, actor, office, what, item_numbers, subjects from personal_data_read
        where actor = $1 and ($2::bigint is null or read_id < $2) order by read_id desc limit $3
        """,
        actor,
        before,
        limit,
    )
    return [StaffRead(**dict(record)) for record in records]
