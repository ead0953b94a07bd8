"""Table sign_in_try."""

from datetime import timedelta

from services.parcel.people.domain.sign_in_tries import Tries
from shared.db.connection import Tx


async def lock(tx: Tx, who: str) -> Tries | None:
    """Return what was tried under a name and keep others from counting until the transaction ends."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended('sign in ' || $1, 0))", who)
    record = await tx.fetchrow("select tries, last_at from sign_in_try where who = $1", who)
    return Tries(*record) if record else None


async def keep(tx: Tx, who: str, tries: Tries) -> None:
    """Keep what was tried under a name."""
    await tx.execute(
        """
        insert into sign_in_try (who, tries, last_at) values ($1, $2, $3)
        on conflict (who) do update set tries = excluded.tries, last_at = excluded.last_at
        """,
        who,
        tries.tries,
        tries.last_at,
    )


async def forget(tx: Tx, who: str) -> None:
    """Forget the tries under a name, after one that succeeded."""
    await tx.execute("delete from sign_in_try where who = $1", who)


async def forget_older(tx: Tx, age: timedelta) -> None:
    """Forget what was last tried longer ago."""
    await tx.execute("delete from sign_in_try where last_at < now() - $1::interval", age)
