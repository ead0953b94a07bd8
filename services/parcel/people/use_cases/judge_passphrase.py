"""A name and a passphrase say who somebody is."""

from services.parcel.people.domain.sign_in import SignInRefused
from services.parcel.people.domain.staff import Staff
from shared.access.passphrases import Passphrases


async def judge_passphrase(person: Staff | None, passphrases: Passphrases, passphrase: str) -> Staff:
    """Return the person; None, for a name that nobody has, takes as long as one that somebody has.

    Takes no transaction: who waits for a hash must not hold a connection that the counter needs.

    Raises: SignInRefused, TooManySignIns.
    """
    fits = await passphrases.fit(person.passphrase_hash if person else None, passphrase)
    if person is None or not fits or person.disabled_at:
        raise SignInRefused
    return person
