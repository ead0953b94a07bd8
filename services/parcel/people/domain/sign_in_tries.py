"""How often somebody may try to sign in: a few times freely, then after waits that grow.

Who signs in with a name has a few tries from one address, and the name many from all addresses together: a stranger
elsewhere who knows it makes its owner wait only by coming from many places.

Source: OWASP Authentication Cheat Sheet, account lockout; the wait ends by itself, so that nobody is locked out by
another who knows the name alone.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.errors import Throttled

FREE_TRIES = 5
FREE_TRIES_OF_A_NAME = 100
"""From all addresses together; one address comes to about a dozen an hour by itself."""
FIRST_WAIT = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=15)
MOST_DOUBLINGS = 10
FORGOTTEN_AFTER = timedelta(hours=1)


class TooManyTries(Throttled):
    """Too many tries failed; wait, then try again, or ask your manager."""

    slug = "too-many-tries"


@dataclass(frozen=True, slots=True)
class Tries:
    """What was tried under a name and has not succeeded since."""

    tries: int
    last_at: datetime

    def next(self, now: datetime, free: int = FREE_TRIES) -> "Tries":
        """Count one more try, of which so many are free.

        Raises: TooManyTries, where it comes too early.
        """
        if now - self.last_at > FORGOTTEN_AFTER:
            return Tries(1, now)
        wait = wait_after(self.tries, free)
        # Of two at once, the later may be counted first; it opens for the earlier all the same.
        opens_at = self.last_at + wait
        if wait and now < opens_at:
            raise TooManyTries(retry_after_s=int((opens_at - now).total_seconds()) + 1)
        return Tries(self.tries + 1, max(now, self.last_at))


def who_at(name: str, address: str) -> str:
    """Return under which name tries from one address are counted; a hash, for an address says where somebody is."""
    return f"at {hashlib.sha256(f'{address} {name}'.encode()).hexdigest()}"


def wait_after(tries: int, free: int = FREE_TRIES) -> timedelta:
    """Return how long one must wait after so many tries, of which so many were free."""
    if tries < free:
        return timedelta()
    doublings = min(tries - free, MOST_DOUBLINGS)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
