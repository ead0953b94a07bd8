"""A member of staff shows that their phone has the new secret; from now on they sign in with its codes."""

from datetime import datetime
from uuid import UUID

from services.parcel.people.domain.second_factor import step_of
from services.parcel.people.domain.sign_in import SignInRefused
from services.parcel.people.store import staff
from services.parcel.people.use_cases.open_second_factor import open_second_factor
from shared.db.connection import Tx
from shared.errors import Conflict
from shared.sealing import KeyRing


class NothingToConfirm(Conflict):
    """No second factor waits for its first code; enrol one."""

    slug = "nothing-to-confirm"


async def confirm_second_factor(tx: Tx, staff_id: UUID, code: str, key_ring: KeyRing | None, now: datetime) -> None:
    """Let the secret that was enrolled last take effect, in place of the one before.

    Raises: NothingToConfirm, SecondFactorUnreadable, SignInRefused.
    """
    factor = await staff.lock_second_factor(tx, staff_id)
    if factor.enrolled_sealed is None:
        raise NothingToConfirm
    step = step_of(open_second_factor(factor.enrolled_sealed, staff_id, key_ring), code, now, last_step=0)
    if step is None:
        raise SignInRefused
    await staff.keep_second_factor(tx, staff_id, factor.enrolled_sealed, step)
