"""Drafts get the short numbers of the office where they will be handed in."""

from services.parcel.drafts.domain.short_number import FIRST_SERIAL, last_of_length
from services.parcel.drafts.store import draft_numbers
from shared.db.connection import Tx

WINDOW = 2
"""Serials looked at for each one that is wanted: nearly all of those ahead are free."""


async def take_numbers(tx: Tx, office: str, count: int) -> list[int]:
    """Return serials that no open draft of an office has; others wait until the transaction ends.

    They go on from the last one, so that a number is another's only long after it was free. At the end of a length
    they begin again, unless half of all that are as short are taken: then they get a digit more.
    """
    following = await draft_numbers.lock(tx, office)
    found: list[int] = []
    while len(found) < count:
        missing, end = count - len(found), last_of_length(following)
        last = min(end, following + WINDOW * missing)
        free = await draft_numbers.free(tx, office, following, last, missing)
        found += free
        following = (free[-1] if len(found) == count else last) + 1
        if following > end:
            following = await _begin_again(tx, office, end, len(found), count)
    await draft_numbers.go_on(tx, office, following)
    return found


async def _begin_again(tx: Tx, office: str, end: int, found: int, count: int) -> int:
    """Return where to go on behind the last serial of a length."""
    taken = await draft_numbers.taken(tx, office, FIRST_SERIAL, end) + found
    # Of those found in this call the database knows nothing yet: the same ones would be found again.
    crowded = 2 * taken > end + 1 - FIRST_SERIAL or 0 < found < count
    return end + 1 if crowded else FIRST_SERIAL
