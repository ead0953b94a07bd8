"""Tables sitting and sitting_item."""

from typing import Any
from uuid import UUID

from services.parcel.drafts.domain.sitting import PaymentMethod, Sitting
from shared.db.connection import Tx


async def add(tx: Tx, sitting: Sitting) -> None:
    """Insert a sitting."""
    await tx.execute(
        """
        insert into sitting (sitting_id, office, trader_id, fits_limits, opened_by, opened_at)
        values ($1, $2, $3, $4, $5, $6)
        """,
        sitting.sitting_id,
        sitting.office,
        sitting.trader_id,
        sitting.fits_limits,
        sitting.opened_by,
        sitting.opened_at,
    )


async def find(tx: Tx, sitting_id: UUID) -> Sitting | None:
    """Return a sitting."""
    record = await tx.fetchrow(
        """
        select sitting_id, office, trader_id, fits_limits, opened_by, opened_at, paid_at, paid_by, method, total_riel
        from sitting where sitting_id = $1
        """,
        sitting_id,
    )
    if record is None:
        return None
    values: dict[str, Any] = dict(record)
    values["method"] = PaymentMethod(values["method"]) if values["method"] else None
    return Sitting(**values)


async def lock(tx: Tx, sitting_id: UUID) -> Sitting | None:
    """Return a sitting and let nobody else add to it or pay it until the transaction ends."""
    await tx.execute("select from sitting where sitting_id = $1 for update", sitting_id)
    return await find(tx, sitting_id)


async def pay(tx: Tx, sitting: Sitting) -> None:
    """Note that a sitting is paid."""
    await tx.execute(
        "update sitting set paid_at = $2, paid_by = $3, method = $4, total_riel = $5 where sitting_id = $1",
        sitting.sitting_id,
        sitting.paid_at,
        sitting.paid_by,
        sitting.method.value if sitting.method else None,
        sitting.total_riel,
    )


async def add_item(tx: Tx, sitting_id: UUID, item_number: str, draft_id: UUID) -> None:
    """Put a parcel behind the others of a sitting; the caller holds the sitting."""
    await tx.execute(
        """
        insert into sitting_item (sitting_id, position, item_number, draft_id)
        select $1, coalesce(max(position), 0) + 1, $2, $3 from sitting_item where sitting_id = $1
        """,
        sitting_id,
        item_number,
        draft_id,
    )


async def items(tx: Tx, sitting_id: UUID) -> list[str]:
    """Return the item numbers of a sitting in the order they were accepted."""
    records = await tx.fetch("select item_number from sitting_item where sitting_id = $1 order by position", sitting_id)
    return [record["item_number"] for record in records]
