"""Table undone_payment."""

from collections.abc import Sequence

from services.parcel.customs.domain.undone_payment import UndonePayment
from shared.db.connection import Tx


async def add(tx: Tx, item_number: str, undone: UndonePayment) -> None:
    """Keep who took a payment back, and why."""
    await tx.execute(
        "insert into undone_payment (item_number, undone_at, undone_by, reason) values ($1, $2, $3, $4)",
        item_number,
        undone.undone_at,
        undone.undone_by,
        undone.reason,
    )


async def of_item(tx: Tx, item_number: str) -> list[UndonePayment]:
    """Return the payments of an item that were undone, the first first."""
    records = await tx.fetch(
        "select undone_by, undone_at, reason from undone_payment where item_number = $1 order by undone_at",
        item_number,
    )
    return [UndonePayment(**dict(record)) for record in records]


async def forget_reasons(tx: Tx, item_numbers: Sequence[str]) -> None:
    """Empty the reasons; that payments were undone, and by whom, stays."""
    await tx.execute("update undone_payment set reason = '' where item_number = any($1::text[])", item_numbers)
