"""Table request: the answers given to creating requests, by caller and key."""

from dataclasses import dataclass
from datetime import timedelta

from shared.db.connection import Tx

KEPT_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer that was given, and the digest of what was asked."""

    body_sha256: bytes
    answer: bytes


async def find(tx: Tx, caller: str, key: str) -> Kept | None:
    """Return the answer given under a key."""
    record = await tx.fetchrow("select body_sha256, answer from request where caller = $1 and key = $2", caller, key)
    return Kept(*record) if record else None


async def keep(tx: Tx, caller: str, key: str, body_sha256: bytes, answer: bytes) -> bool:
    """Keep an answer; waits for a twin in flight, and returns False if that one came first."""
    status = await tx.execute(
        "insert into request (caller, key, body_sha256, answer) values ($1, $2, $3, $4) on conflict do nothing",
        caller,
        key,
        body_sha256,
        answer,
    )
    return str(status) == "INSERT 0 1"


async def drop_old(tx: Tx, kept_for: timedelta) -> None:
    """Forget the answers that are older."""
    await tx.execute("delete from request where made_at < now() - $1::interval", kept_for)


async def lock(tx: Tx, caller: str, key: str) -> None:
    """Let one request of a caller and key at a time pass, until the transaction ends."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0))", caller, key)
