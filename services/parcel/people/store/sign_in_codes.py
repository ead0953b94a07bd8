"""Table sign_in_code."""

from services.parcel.people.domain.sign_in_code import SignInCode
from shared.db.connection import Tx


async def lock(tx: Tx, phone: str) -> SignInCode | None:
    """Return the code last sent to a phone and keep others from using it until the transaction ends."""
    await tx.execute("select pg_advisory_xact_lock(hashtextextended('code ' || $1, 0))", phone)
    record = await tx.fetchrow(
        "select phone, code_sha256, tries, made_at, expires_at from sign_in_code where phone = $1", phone
    )
    return SignInCode(**dict(record)) if record else None


async def keep(tx: Tx, code: SignInCode) -> None:
    """Keep a code in place of the one before."""
    await tx.execute(
        """
        insert into sign_in_code (phone, code_sha256, tries, made_at, expires_at) values ($1, $2, $3, $4, $5)
        on conflict (phone) do update set code_sha256 = excluded.code_sha256, tries = excluded.tries,
            made_at = excluded.made_at, expires_at = excluded.expires_at
        """,
        code.phone,
        code.code_sha256,
        code.tries,
        code.made_at,
        code.expires_at,
    )


async def forget(tx: Tx, phone: str) -> None:
    """Forget the code of a phone."""
    await tx.execute("delete from sign_in_code where phone = $1", phone)


async def forget_expired(tx: Tx) -> None:
    """Forget the codes whose time is over."""
    await tx.execute("delete from sign_in_code where expires_at < now()")
