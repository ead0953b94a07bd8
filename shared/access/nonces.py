"""Table device_nonce: the proofs of devices that were taken, so that none is taken twice."""

from datetime import datetime, timedelta
from uuid import UUID

from shared.db.connection import Tx


async def take(tx: Tx, device_id: UUID, nonce: str, now: datetime, kept_for: timedelta) -> bool:
    """Note the nonce of a proof, and forget those of the device that are older; False if it was taken before."""
    status = await tx.execute(
        """
        with forgotten as (
            delete from device_nonce where device_id = $1 and nonce <> $2 and taken_at < $3::timestamptz - $4::interval
        )
        insert into device_nonce (device_id, nonce, taken_at) values ($1, $2, $3) on conflict do nothing
        """,
        device_id,
        nonce,
        now,
        kept_for,
    )
    return str(status) == "INSERT 0 1"
