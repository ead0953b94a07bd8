"""What a passphrase must be.

Source: NIST SP 800-63B, 5.1.1: length counts, no rules of composition, none that everybody tries first.
"""

from collections.abc import Sequence

from shared.errors import FieldProblem, Invalid

SHORTEST = 10
SHORTEST_KNOWN = 4
"""A shorter name stands by chance in many words."""
FIRST_TRIED = frozenset(
    {"0123456789", "1234567890", "9876543210", "qwertyuiop", "password12", "passphrase", "cambodia12"}
)


def must_be_good(passphrase: str, *known: str) -> None:
    """Check a passphrase against what everybody tries and others know of its person: their name, their id.

    Raises: Invalid.
    """
    if len(passphrase) < SHORTEST:
        raise _problem("too-short", f"Use at least {SHORTEST} characters; four words are easy to remember.")
    plain = passphrase.casefold()
    if plain in FIRST_TRIED or len(set(plain)) < 4 or _holds(plain, known):
        raise _problem("too-easy", "This is among the first that are tried; use four words of your own.")


def _holds(plain: str, known: Sequence[str]) -> bool:
    return any(len(one) >= SHORTEST_KNOWN and one.casefold() in plain for one in known)


def _problem(code: str, message: str) -> Invalid:
    return Invalid([FieldProblem("passphrase", code, message)])
