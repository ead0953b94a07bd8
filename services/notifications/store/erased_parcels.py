"""Table erased_parcel: whose contacts are not taken any more."""

from collections.abc import Sequence
from datetime import timedelta

from shared.db.connection import Tx


async def keep(tx: Tx, item_numbers: Sequence[str]) -> None:
    """Note that the people on parcels were forgotten."""
    await tx.execute(
        """
        insert into erased_parcel (item_number, erased_at)
        select item_number, now() from unnest($1::text[]) as erased (item_number) order by item_number
        on conflict (item_number) do nothing
        """,
        item_numbers,
    )


async def among(tx: Tx, item_numbers: Sequence[str]) -> set[str]:
    """Return those of some parcels whose people were forgotten."""
    records = await tx.fetch("select item_number from erased_parcel where item_number = any($1::text[])", item_numbers)
    return {record["item_number"] for record in records}


async def drop_older(tx: Tx, age: timedelta) -> None:
    """Drop what was erased so long ago that nobody tells of it again."""
    await tx.execute("delete from erased_parcel where erased_at < now() - $1::interval", age)
