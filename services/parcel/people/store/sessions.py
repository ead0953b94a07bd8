"""Table session."""

from datetime import datetime, timedelta
from uuid import UUID

from services.parcel.people.domain.session import Session
from shared.db.connection import Tx


async def add(tx: Tx, session: Session, secret_sha256: bytes) -> None:
    """Insert a session."""
    await tx.execute(
        """
        insert into session (session_id, secret_sha256, actor, began_at, used_at, device_id)
        values ($1, $2, $3, $4, $5, $6)
        """,
        session.session_id,
        secret_sha256,
        session.actor,
        session.began_at,
        session.used_at,
        session.device_id,
    )


async def lock(tx: Tx, secret_sha256: bytes) -> Session | None:
    """Return the session of a secret and keep others from changing it until the transaction ends."""
    record = await tx.fetchrow(
        """
        select session_id, actor, began_at, used_at, ended_at, device_id from session
        where secret_sha256 = $1 for update
        """,
        secret_sha256,
    )
    return Session(*record) if record else None


async def find(tx: Tx, session_id: UUID) -> Session | None:
    """Return a session."""
    record = await tx.fetchrow(
        "select session_id, actor, began_at, used_at, ended_at, device_id from session where session_id = $1",
        session_id,
    )
    return Session(*record) if record else None


async def use(tx: Tx, session_id: UUID, now: datetime) -> None:
    """Note that a session was used."""
    await tx.execute("update session set used_at = $2 where session_id = $1", session_id, now)


async def end(tx: Tx, secret_sha256: bytes, now: datetime) -> str | None:
    """End a session; returns whose it was, None where it is unknown or ended already."""
    actor: str | None = await tx.fetchval(
        "update session set ended_at = $2 where secret_sha256 = $1 and ended_at is null returning actor",
        secret_sha256,
        now,
    )
    return actor


async def end_all_of(tx: Tx, actor: str, now: datetime) -> None:
    """End every session of a person."""
    await tx.execute("update session set ended_at = $2 where actor = $1 and ended_at is null", actor, now)


async def end_all_on(tx: Tx, device_id: UUID, now: datetime) -> None:
    """End every session that was begun on a counter's device."""
    await tx.execute("update session set ended_at = $2 where device_id = $1 and ended_at is null", device_id, now)


async def forget_older(tx: Tx, age: timedelta) -> None:
    """Delete the sessions that began longer ago."""
    await tx.execute("delete from session where began_at < now() - $1::interval", age)
