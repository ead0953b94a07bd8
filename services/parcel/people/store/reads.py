"""Table personal_data_read: who of the staff read the data of people on which parcels and items from abroad."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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


async def note(tx: Tx, actor: Actor, what: str, item_numbers: Sequence[str]) -> None:
    """Note that somebody read the data of people on these parcels."""
    await tx.execute(
        "insert into personal_data_read (actor, office, what, item_numbers) values ($1, $2, $3, $4)",
        actor.id,
        actor.office,
        what,
        item_numbers,
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
