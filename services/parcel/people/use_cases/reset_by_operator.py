"""Who runs the post's machines lets one in again who has nobody to ask, as a sole administrator has."""

from datetime import datetime

from services.parcel.people.domain.staff import Staff
from services.parcel.people.store import staff
from services.parcel.people.use_cases.change_passphrase import change_passphrase
from shared.db.connection import Tx


async def reset_by_operator(tx: Tx, name: str, passphrase_hash: str, now: datetime) -> Staff | None:
    """Replace the passphrase of a name, take the second factor away and end the sessions; returns whose they were.

    None, for nobody of this name may act.
    """
    person = await staff.by_name(tx, name)
    if person is None or person.disabled_at:
        return None
    await staff.keep_second_factor(tx, person.staff_id, None)
    await change_passphrase(tx, person.staff_id, passphrase_hash, now)
    return person
