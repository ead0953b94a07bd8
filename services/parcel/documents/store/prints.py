"""Table printed: which papers were printed, by whom and how often."""

from datetime import datetime

from services.parcel.documents.domain.printed import Kind, Print
from shared.db.connection import Tx


async def lock(tx: Tx, item_number: str, kind: Kind) -> None:
    """Let one print of a paper at a time pass, until the transaction ends."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 110))", item_number, kind.value)


async def last_no(tx: Tx, item_number: str, kind: Kind) -> int:
    """Return the number of the last print of a paper, 0 if there is none."""
    number: int = await tx.fetchval(
        "select coalesce(max(print_no), 0) from printed where item_number = $1 and kind = $2", item_number, kind.value
    )
    return number


async def add(tx: Tx, one: Print) -> None:
    """Note a print."""
    await tx.execute(
        """
        insert into printed (item_number, kind, print_no, printed_by, office, printed_at)
        values ($1, $2, $3, $4, $5, $6)
        """,
        one.item_number,
        one.kind.value,
        one.print_no,
        one.printed_by,
        one.office,
        one.printed_at,
    )


async def of_item(tx: Tx, item_number: str, after: tuple[datetime, str, int] | None, limit: int) -> list[Print]:
    """Return the prints of an item, the last first; those after a time, kind and number."""
    records = await tx.fetch(
        """
        select item_number, kind, print_no, printed_by, office, printed_at
        from printed
        where item_number = $1 and ($2::timestamptz is null or (printed_at, kind, print_no) < ($2, $3, $4::integer))
        order by printed_at desc, kind desc, print_no desc limit $5
        """,
        item_number,
        *(after or (None, None, None)),
        limit,
    )
    return [Print(**{**dict(record), "kind": Kind(record["kind"])}) for record in records]
