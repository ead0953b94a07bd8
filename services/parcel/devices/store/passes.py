"""Table device_pass."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg

from services.parcel.devices.domain.passes import KeptPass
from shared.access.passes import Pass
from shared.db.connection import Tx


async def add(tx: Tx, kept: KeptPass) -> None:
    """Insert a pass."""
    await tx.execute(
        """
        insert into device_pass (pass_id, device_id, staff, role, office, session_id, issued_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        """,
        kept.granted.pass_id,
        kept.granted.device_id,
        kept.granted.staff,
        kept.granted.role,
        kept.granted.office,
        kept.session_id,
        kept.granted.issued_at,
    )


async def find(tx: Tx, pass_id: UUID) -> KeptPass | None:
    """Return a pass."""
    record = await tx.fetchrow(
        """
        select pass_id, device_id, staff, role, office, session_id, issued_at from device_pass where pass_id = $1
        """,
        pass_id,
    )
    return _pass(record) if record else None


async def of_device(tx: Tx, device_id: UUID, since: datetime) -> list[KeptPass]:
    """Return the last pass of each person on a device that was given since a time, by person."""
    records = await tx.fetch(
        """
        select distinct on (staff) pass_id, device_id, staff, role, office, session_id, issued_at from device_pass
        where device_id = $1 and issued_at >= $2 order by staff, issued_at desc
        """,
        device_id,
        since,
    )
    return [_pass(record) for record in records]


async def forget_older(tx: Tx, age: timedelta) -> None:
    """Forget the passes that were given longer ago."""
    await tx.execute("delete from device_pass where issued_at < now() - $1::interval", age)


def _pass(record: asyncpg.Record) -> KeptPass:
    values: dict[str, Any] = dict(record)
    session_id: UUID = values.pop("session_id")
    return KeptPass(Pass.model_validate(values), session_id)
