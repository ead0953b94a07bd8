"""Table staff."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from services.parcel.people.domain.staff import Staff
from shared.access.roles import Role
from shared.db.connection import Tx


async def add(tx: Tx, staff: Staff) -> bool:
    """Insert a person; returns False if the name is taken."""
    status = await tx.execute(
        """
        insert into staff (staff_id, name, passphrase_hash, role, office, sample, phone)
        values ($1, $2, $3, $4, $5, $6, $7) on conflict (name) do nothing
        """,
        staff.staff_id,
        staff.name,
        staff.passphrase_hash,
        staff.role.value,
        staff.office,
        staff.sample,
        staff.phone,
    )
    return str(status) == "INSERT 0 1"


async def by_name(tx: Tx, name: str) -> Staff | None:
    """Return the person of a name."""
    record = await tx.fetchrow(
        """
        select staff_id, name, passphrase_hash, role, office, disabled_at, sample, phone from staff where name = $1
        """,
        name,
    )
    return _staff(record) if record else None


async def disable(tx: Tx, staff_id: UUID, now: datetime) -> None:
    """Note that a person may no longer act."""
    await tx.execute(
        "update staff set disabled_at = coalesce(disabled_at, $2) where staff_id = $1",
        staff_id,
        now,
    )


async def enable(tx: Tx, staff_id: UUID) -> bool:
    """Note that a person may act again; returns False if they may already."""
    status = await tx.execute(
        "update staff set disabled_at = null where staff_id = $1 and disabled_at is not null", staff_id
    )
    return str(status) == "UPDATE 1"


async def of_office(tx: Tx, office: str | None, after: str | None, limit: int) -> list[Staff]:
    """Return the staff of an office, of all offices for None, by name; those after a name."""
    records = await tx.fetch(
        """
        select staff_id, name, passphrase_hash, role, office, disabled_at, sample, phone from staff
        where ($1::text is null or office = $1) and ($2::text is null or name > $2) order by name limit $3
        """,
        office,
        after,
        limit,
    )
    return [_staff(record) for record in records]


async def by_id(tx: Tx, staff_id: UUID) -> Staff | None:
    """Return the person of an id."""
    record = await tx.fetchrow(
        """
        select staff_id, name, passphrase_hash, role, office, disabled_at, sample, phone from staff where staff_id = $1
        """,
        staff_id,
    )
    return _staff(record) if record else None


async def set_phone(tx: Tx, staff_id: UUID, phone: str) -> None:
    """Keep the phone of a person."""
    await tx.execute("update staff set phone = $2 where staff_id = $1", staff_id, phone)


async def has_phone(tx: Tx, staff_id: str, phone: str) -> bool:
    """Tell whether a phone is that of a member of staff."""
    return bool(
        await tx.fetchval("select exists (select from staff where staff_id::text = $1 and phone = $2)", staff_id, phone)
    )


async def any_administrator(tx: Tx) -> bool:
    """Tell whether anybody may administer who is not disabled."""
    return bool(
        await tx.fetchval("select exists (select from staff where role = 'administrator' and disabled_at is null)")
    )


async def lock_administrators(tx: Tx) -> list[UUID]:
    """Return who may administer and keep others from disabling them until the transaction ends."""
    records = await tx.fetch(
        """
        select staff_id from staff where role = 'administrator' and disabled_at is null order by staff_id for update
        """
    )
    return [record["staff_id"] for record in records]


async def hold_still(tx: Tx) -> None:
    """Keep others from adding staff until the transaction ends."""
    await tx.execute("lock table staff in share row exclusive mode")


async def change_passphrase(tx: Tx, staff_id: UUID, passphrase_hash: str) -> None:
    """Replace a passphrase's hash."""
    await tx.execute("update staff set passphrase_hash = $2 where staff_id = $1", staff_id, passphrase_hash)


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """A sealed secret, if there is one, and the last step whose code was taken; one that waits for its first code."""

    secret_sealed: bytes | None
    last_step: int
    enrolled_sealed: bytes | None = None


async def lock_second_factor(tx: Tx, staff_id: UUID) -> SecondFactor:
    """Return a person's second factor and keep others from using it until the transaction ends."""
    record = await tx.fetchrow(
        "select totp_sealed, totp_step, totp_enrolled from staff where staff_id = $1 for update", staff_id
    )
    return SecondFactor(*record) if record else SecondFactor(None, 0)


async def note_step(tx: Tx, staff_id: UUID, step: int) -> None:
    """Note that the code of a step was taken."""
    await tx.execute("update staff set totp_step = $2 where staff_id = $1", staff_id, step)


async def keep_enrolled(tx: Tx, staff_id: UUID, secret_sealed: bytes) -> None:
    """Keep a sealed secret that waits for its first code."""
    await tx.execute("update staff set totp_enrolled = $2 where staff_id = $1", staff_id, secret_sealed)


async def keep_second_factor(tx: Tx, staff_id: UUID, secret_sealed: bytes | None, step: int = 0) -> None:
    """Keep a sealed secret, or none, and the step whose code was taken of it; none waits for its first code then."""
    await tx.execute(
        "update staff set totp_sealed = $2, totp_step = $3, totp_enrolled = null where staff_id = $1",
        staff_id,
        secret_sealed,
        step,
    )


def _staff(record: asyncpg.Record) -> Staff:
    return Staff(
        record["staff_id"],
        record["name"],
        record["passphrase_hash"],
        Role(record["role"]),
        record["office"],
        record["disabled_at"],
        record["sample"],
        record["phone"],
    )
