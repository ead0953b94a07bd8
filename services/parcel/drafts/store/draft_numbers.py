"""Table draft_number: where the short numbers of each office go on, and which of them are free."""

from services.parcel.drafts.domain.short_number import FIRST_SERIAL
from shared.db.connection import Tx


async def lock(tx: Tx, office: str) -> int:
    """Return the serial with which an office goes on, and let no other take any until the transaction ends."""
    serial: int = await tx.fetchval(
        """
        insert into draft_number (office, next_serial) values ($1, $2)
        on conflict (office) do update set next_serial = draft_number.next_serial returning next_serial
        """,
        office,
        FIRST_SERIAL,
    )
    return serial


async def go_on(tx: Tx, office: str, serial: int) -> None:
    """Note the serial with which an office goes on."""
    await tx.execute("update draft_number set next_serial = $2 where office = $1", office, serial)


async def free(tx: Tx, office: str, first: int, last: int, limit: int) -> list[int]:
    """Return the lowest serials of a span that are no open draft's."""
    records = await tx.fetch(
        """
        select serial from generate_series($2::integer, $3::integer) as serial
        where not exists (
            -- The span bounds what is looked at, however the planner goes about it.
            select from draft
            where draft.office = $1 and draft.serial = serial.serial and draft.state = 'announced'
              and draft.serial between $2 and $3
        )
        order by serial limit $4
        """,
        office,
        first,
        last,
        limit,
    )
    return [record["serial"] for record in records]


async def taken(tx: Tx, office: str, first: int, last: int) -> int:
    """Count the serials of a span that open drafts have."""
    count: int = await tx.fetchval(
        "select count(*) from draft where office = $1 and state = 'announced' and serial between $2 and $3",
        office,
        first,
        last,
    )
    return count
