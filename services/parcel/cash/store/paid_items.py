"""Table paid_item: what was paid for an item, once for each purpose."""

from collections.abc import Sequence
from uuid import UUID

from shared.db.connection import Tx


async def add(tx: Tx, items: Sequence[tuple[str, str]], entry_id: UUID) -> list[str]:
    """Keep that items were paid, each for a purpose; returns the numbers that were paid already."""
    added = await tx.fetch(
        """
        insert into paid_item (item_number, purpose, entry_id)
        select item_number, purpose, $3 from unnest($1::text[], $2::text[]) as item (item_number, purpose)
        order by item_number, purpose
        on conflict do nothing returning item_number, purpose
        """,
        [number for number, _ in items],
        [purpose for _, purpose in items],
        entry_id,
    )
    known = {(record["item_number"], record["purpose"]) for record in added}
    return [number for number, purpose in items if (number, purpose) not in known]


async def paid_by(tx: Tx, item_numbers: Sequence[str], purpose: str) -> dict[str, UUID]:
    """Return the entries by which items were paid for a purpose, by number."""
    records = await tx.fetch(
        "select item_number, entry_id from paid_item where item_number = any($1::text[]) and purpose = $2",
        item_numbers,
        purpose,
    )
    return {record["item_number"]: record["entry_id"] for record in records}


async def take_back(tx: Tx, entry_id: UUID) -> None:
    """Let what an entry paid for be due again."""
    await tx.execute("delete from paid_item where entry_id = $1", entry_id)
