"""A trader signs in with the code that was sent to their phone."""

from datetime import datetime

from services.parcel.people.domain.session import Session
from services.parcel.people.domain.sign_in import SignInRefused
from services.parcel.people.domain.sign_in_code import who_tries
from services.parcel.people.domain.trader import Member
from services.parcel.people.store import sign_in_codes, sign_in_tries, trader_members
from services.parcel.people.use_cases.open_session import open_session
from shared.db.connection import Tx


async def sign_in_by_code(tx: Tx, phone: str, code: str, now: datetime) -> tuple[Member, Session, str]:
    """Open a session for the member of a phone; the code is taken with it.

    Raises: SignInRefused.
    """
    member = await trader_members.by_phone(tx, phone)
    kept = await sign_in_codes.lock(tx, phone)
    if member is None or kept is None or not kept.fits(code, now):
        raise SignInRefused
    await sign_in_codes.forget(tx, phone)
    await sign_in_tries.forget(tx, who_tries(phone))
    session, secret = await open_session(tx, str(member.member_id), now)
    return member, session, secret
