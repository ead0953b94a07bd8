"""Table staff."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from shared.access.roles import Role
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Staff:
    """One member of staff; `office` is None for those who work for all."""

    staff_id: UUID
    name: str
    passphrase_hash: str
    role: Role
    office: str | None
    disabled_at: datetime | None = None
    sample: bool = False


async def add(tx: Tx, staff: Staff) -> bool:
    """Insert a person; returns False if the name is taken."""
    status = await tx.execute(
        """
        insert into staff (staff_id, name, passphrase_hash, role, office, sample)
        values ($1, $2, $3, $4, $5, $6) on conflict (name) do nothing
        """,
        staff.staff_id,
        staff.name,
        staff.passphrase_hash,
        staff.role.value,
        staff.office,
        staff.sample,
    )
    return str(status) == "INSERT 0 1"


async def by_name(tx: Tx, name: str) -> Staff | None:
    """Return the person of a name."""
    record = await tx.fetchrow(
        """
        select staff_id, name, passphrase_hash, role, office, disabled_at, sample from staff where name = $1
        """,
        name,
    )
    return _staff(record) if record else None


async def disable(tx: Tx, staff_id: UUID, now: datetime) -> Staff | None:
    """Note that a person may no longer act; returns the person, or None if there is none."""
    record = await tx.fetchrow(
        """
        update staff set disabled_at = coalesce(disabled_at, $2) where staff_id = $1
        returning staff_id, name, passphrase_hash, role, office, disabled_at, sample
        """,
        staff_id,
        now,
    )
    return _staff(record) if record else None


def _staff(record: asyncpg.Record) -> Staff:
    return Staff(
        record["staff_id"],
        record["name"],
        record["passphrase_hash"],
        Role(record["role"]),
        record["office"],
        record["disabled_at"],
        record["sample"],
    )
