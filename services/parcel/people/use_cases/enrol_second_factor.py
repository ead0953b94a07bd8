"""A member of staff gets a secret to sign in with codes of, as soon as they confirm it."""

from uuid import UUID

from services.parcel.people.domain.second_factor import enrolment_url, new_secret
from services.parcel.people.domain.staff import PersonNotFound
from services.parcel.people.store import staff
from shared.db.connection import Tx
from shared.errors import Conflict
from shared.sealing import KeyRing


class NoKeyRing(Conflict):
    """Second factors cannot be kept here; an operator must set a key ring."""

    slug = "no-key-ring"


async def enrol_second_factor(tx: Tx, staff_id: UUID, key_ring: KeyRing | None) -> tuple[str, str]:
    """Keep a new secret, sealed, beside the one in use; returns it with what the phone's application reads.

    Raises: NoKeyRing, PersonNotFound.
    """
    if key_ring is None:
        raise NoKeyRing
    person = await staff.by_id(tx, staff_id)
    if person is None:
        raise PersonNotFound
    secret = new_secret()
    await staff.keep_enrolled(tx, staff_id, key_ring.seal(secret.encode(), str(staff_id)))
    return secret, enrolment_url(secret, person.name)
