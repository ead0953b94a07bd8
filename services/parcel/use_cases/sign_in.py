"""A member of staff signs in with name and passphrase."""

from services.parcel.store import staff
from services.parcel.store.staff import Staff
from shared.access.passphrases import Passphrases
from shared.db.connection import Tx
from shared.errors import Unauthenticated


class SignInRefused(Unauthenticated):
    """Name or passphrase is wrong, or this person may no longer sign in."""

    slug = "sign-in-refused"


async def sign_in(tx: Tx, passphrases: Passphrases, name: str, passphrase: str) -> Staff:
    """Return the person; a name that nobody has takes as long as one that somebody has.

    Raises: SignInRefused, TooManySignIns.
    """
    person = await staff.by_name(tx, name)
    fits = await passphrases.fit(person.passphrase_hash if person else None, passphrase)
    if person is None or not fits or person.disabled_at:
        raise SignInRefused
    return person
