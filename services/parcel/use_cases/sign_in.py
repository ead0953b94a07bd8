"""A member of staff signs in with name and passphrase."""

from services.parcel.store.staff import Staff
from shared.access.passphrases import Passphrases
from shared.errors import Unauthenticated


class SignInRefused(Unauthenticated):
    """Name or passphrase is wrong, or this person may no longer sign in."""

    slug = "sign-in-refused"


async def sign_in(person: Staff | None, passphrases: Passphrases, passphrase: str) -> Staff:
    """Return the person; None, for a name that nobody has, takes as long as one that somebody has.

    Takes no transaction: who waits for a hash must not hold a connection that the counter needs.

    Raises: SignInRefused, TooManySignIns.
    """
    fits = await passphrases.fit(person.passphrase_hash if person else None, passphrase)
    if person is None or not fits or person.disabled_at:
        raise SignInRefused
    return person
