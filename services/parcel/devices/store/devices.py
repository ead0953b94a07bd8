"""Table device."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.parcel.devices.domain.device import CounterDevice, RevocationReason
from services.parcel.devices.domain.enrolment import Enrolment
from shared.db.connection import Tx


async def add(tx: Tx, device: CounterDevice, code_sha256: bytes) -> None:
    """Insert a device that waits for its key."""
    await tx.execute(
        """
        insert into device (device_id, office, label, made_by, made_at, code_sha256, code_expires_at)
        values ($1, $2, $3, $4, $5, $6, $7)
        """,
        device.device_id,
        device.office,
        device.label,
        device.made_by,
        device.made_at,
        code_sha256,
        device.code_expires_at,
    )


async def find(tx: Tx, device_id: UUID) -> CounterDevice | None:
    """Return a device."""
    record = await tx.fetchrow(
        """
        select device_id, office, label, made_by, made_at, code_expires_at, public_key, enrolled_at, revoked_at,
            revoked_by, revoked_for
        from device where device_id = $1
        """,
        device_id,
    )
    return _device(record) if record else None


async def lock(tx: Tx, device_id: UUID) -> CounterDevice | None:
    """Return a device and keep others from changing it until the transaction ends."""
    await tx.execute("select from device where device_id = $1 for update", device_id)
    return await find(tx, device_id)


async def count_try(tx: Tx, device_id: UUID) -> None:
    """Count a try with the code of a device."""
    await tx.execute("update device set code_tries = code_tries + 1 where device_id = $1", device_id)


async def enrolment(tx: Tx, device_id: UUID) -> Enrolment | None:
    """Return the code of a device, as a hash."""
    record = await tx.fetchrow(
        "select device_id, code_sha256, code_expires_at, code_tries from device where device_id = $1", device_id
    )
    return Enrolment(*record) if record else None


async def enrol(tx: Tx, device_id: UUID, public_key: bytes, store_key_sealed: bytes, now: datetime) -> bool:
    """Keep the key of a device and what its store is encrypted with; False where another has the key.

    Waits for another device that is enrolled with the same key at the same moment.
    """
    await tx.execute("select pg_advisory_xact_lock(hashtextextended('device key ' || $1, 0))", public_key.hex())
    status = await tx.execute(
        """
        with taken as (select from device where public_key = $2)
        update device set public_key = $2, store_key_sealed = $3, enrolled_at = $4
        where device_id = $1 and not exists (select from taken)
        """,
        device_id,
        public_key,
        store_key_sealed,
        now,
    )
    return str(status) == "UPDATE 1"


async def store_key(tx: Tx, device_id: UUID) -> bytes | None:
    """Return what the store of a device is encrypted with, sealed; None once it was revoked."""
    sealed: bytes | None = await tx.fetchval("select store_key_sealed from device where device_id = $1", device_id)
    return sealed


async def revoke(tx: Tx, device: CounterDevice) -> None:
    """Keep when and why a device was revoked, and forget what its store is encrypted with."""
    await tx.execute(
        """
        update device set revoked_at = $2, revoked_by = $3, revoked_for = $4, store_key_sealed = null
        where device_id = $1
        """,
        device.device_id,
        device.revoked_at,
        device.revoked_by,
        device.revoked_for,
    )


async def of_office(tx: Tx, office: str | None, after: tuple[datetime, UUID] | None, limit: int) -> list[CounterDevice]:
    """Return the devices of an office, of all offices for None, newest first; those after a time and id."""
    records = await tx.fetch(
        """
        select device_id, office, label, made_by, made_at, code_expires_at, public_key, enrolled_at, revoked_at,
            revoked_by, revoked_for
        from device
        where ($1::text is null or office = $1)
          and ($2::timestamptz is null or (made_at, device_id) < ($2, $3::uuid))
        order by made_at desc, device_id desc limit $4
        """,
        office,
        *(after or (None, None)),
        limit,
    )
    return [_device(record) for record in records]


def _device(record: asyncpg.Record) -> CounterDevice:
    values: dict[str, Any] = dict(record)
    if values["revoked_for"] is not None:
        values["revoked_for"] = RevocationReason(values["revoked_for"])
    return CounterDevice(**values)
