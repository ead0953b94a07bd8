"""Table sack."""

from uuid import UUID

from services.parcel.drafts.domain.sack import Sack
from shared.db.connection import Tx


async def add(tx: Tx, sack: Sack) -> None:
    """Insert a sack."""
    await tx.execute(
        "insert into sack (sack_id, trader_id, office, label, made_by, made_at) values ($1, $2, $3, $4, $5, $6)",
        sack.sack_id,
        sack.trader_id,
        sack.office,
        sack.label,
        sack.made_by,
        sack.made_at,
    )


async def find(tx: Tx, sack_id: UUID) -> Sack | None:
    """Return a sack."""
    record = await tx.fetchrow(
        "select sack_id, trader_id, office, label, made_by, made_at from sack where sack_id = $1", sack_id
    )
    return Sack(**dict(record)) if record else None
