"""A trader asks for a code to sign in with; who has no shop gets none, and cannot tell."""

from datetime import datetime

from services.parcel.people.domain.sign_in_code import AGAIN_AFTER, LIVES, SignInCode, digest, new_code
from services.parcel.people.store import sign_in_codes, trader_members
from shared.contracts.parcel import SignInCodeV1
from shared.db.connection import Tx
from shared.ids import new_id
from shared.messaging.outbox import Outbox


async def send_code(tx: Tx, outbox: Outbox, phone: str, now: datetime) -> None:
    """Send a code to the phone of a member; within a minute of the last one nothing is sent."""
    earlier = await sign_in_codes.lock(tx, phone)
    if earlier is not None and now < earlier.made_at + AGAIN_AFTER:
        return
    member = await trader_members.by_phone(tx, phone)
    if member is None:
        return
    code = new_code()
    kept = SignInCode(phone, digest(phone, code), 0, now, now + LIVES)
    await sign_in_codes.keep(tx, kept)
    told = SignInCodeV1(
        request_id=str(new_id()), phone=phone, language=member.language, code=code, expires_at=kept.expires_at
    )
    await outbox.append(tx, [told])
