"""How often somebody may try to sign in: a few times freely, then after waits that grow.

Source: OWASP Authentication Cheat Sheet, account lockout; the wait ends by itself, so that nobody is locked out by
another who knows the name alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.errors import Throttled

FREE_TRIES = 5
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

    def next(self, now: datetime) -> "Tries":
        """Count one more try.

        Raises: TooManyTries, where it comes too early.
        """
        if now - self.last_at > FORGOTTEN_AFTER:
            return Tries(1, now)
        opens_at = self.last_at + wait_after(self.tries)
        if now < opens_at:
            raise TooManyTries(retry_after_s=int((opens_at - now).total_seconds()) + 1)
        return Tries(self.tries + 1, now)


def wait_after(tries: int) -> timedelta:
    """Return how long one must wait after so many tries."""
    if tries < FREE_TRIES:
        return timedelta()
    doublings = min(tries - FREE_TRIES, MOST_DOUBLINGS)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)
