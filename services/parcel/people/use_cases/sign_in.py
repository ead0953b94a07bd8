"""A member of staff whose passphrase fits signs in, with a second factor where they enrolled one."""

from datetime import datetime

from services.parcel.people.domain.second_factor import step_of
from services.parcel.people.domain.sign_in import CodeNeeded, SignInRefused
from services.parcel.people.domain.staff import Staff
from services.parcel.people.store import sign_in_tries, staff
from shared.db.connection import Tx
from shared.sealing import KeyRing


async def sign_in(tx: Tx, person: Staff, code: str | None, key_ring: KeyRing | None, now: datetime) -> None:
    """Judge the code of one whose passphrase fits, and forget the tries that failed.

    Raises: CodeNeeded, SignInRefused.
    """
    factor = await staff.lock_second_factor(tx, person.staff_id)
    if factor.secret_sealed is not None:
        if code is None:
            raise CodeNeeded
        if key_ring is None:
            raise SignInRefused
        secret = key_ring.open(factor.secret_sealed, str(person.staff_id)).decode()
        step = step_of(secret, code, now, factor.last_step)
        if step is None:
            raise SignInRefused
        await staff.note_step(tx, person.staff_id, step)
    await sign_in_tries.forget(tx, person.name)
