"""Table closed_item: items of ours that were closed into a dispatch abroad."""

from collections.abc import Mapping
from datetime import datetime

from shared.db.connection import Tx


async def add(tx: Tx, closed_at: Mapping[str, datetime]) -> None:
    """Note when items were closed; the first time stays."""
    await tx.execute(
        """
        insert into closed_item (item_number, closed_at)
        select item_number, closed_at from unnest($1::text[], $2::timestamptz[]) as told (item_number, closed_at)
        order by item_number
        on conflict do nothing
        """,
        list(closed_at),
        list(closed_at.values()),
    )


async def has(tx: Tx, item_number: str) -> bool:
    """Tell whether an item was closed."""
    return bool(await tx.fetchval("select true from closed_item where item_number = $1", item_number))
