"""A member of staff whose passphrase fits signs in, or proves it once more, by the second factor they enrolled."""

from datetime import datetime

from services.parcel.people.domain.second_factor import step_of
from services.parcel.people.domain.sign_in import CodeNeeded, SignInRefused
from services.parcel.people.domain.sign_in_tries import who_at
from services.parcel.people.domain.staff import Staff
from services.parcel.people.store import sign_in_tries, staff
from services.parcel.people.use_cases.open_second_factor import open_second_factor
from shared.db.connection import Tx
from shared.sealing import KeyRing


async def sign_in(
    tx: Tx, person: Staff, code: str | None, address: str, key_ring: KeyRing | None, now: datetime
) -> None:
    """Judge the code of one whose passphrase fits, and forget the tries that failed, here and altogether.

    Raises: CodeNeeded, SignInRefused, SecondFactorUnreadable.
    """
    factor = await staff.lock_second_factor(tx, person.staff_id)
    if factor.secret_sealed is not None:
        if code is None:
            raise CodeNeeded
        step = step_of(open_second_factor(factor.secret_sealed, person.staff_id, key_ring), code, now, factor.last_step)
        if step is None:
            raise SignInRefused
        await staff.note_step(tx, person.staff_id, step)
    await sign_in_tries.forget(tx, who_at(person.name, address))
    await sign_in_tries.forget(tx, person.name)
