"""What is kept of sign-ins is forgotten when nobody asks for it any more."""

from datetime import timedelta

from services.parcel.people.domain.sign_in_tries import FORGOTTEN_AFTER
from services.parcel.people.store import sessions, sign_in_codes, sign_in_tries
from shared.db.connection import Tx

SESSIONS_KEPT_FOR = timedelta(days=90)


async def forget_old_sign_ins(tx: Tx) -> None:
    """Delete old sessions, tries and codes."""
    await sessions.forget_older(tx, SESSIONS_KEPT_FOR)
    await sign_in_tries.forget_older(tx, FORGOTTEN_AFTER)
    await sign_in_codes.forget_expired(tx)
