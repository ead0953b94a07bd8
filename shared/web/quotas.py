"""How many requests a key may send: so many in each minute, counted in this process.

Source: draft-ietf-httpapi-ratelimit-headers-10 for the headers.
"""

import time
from dataclasses import dataclass

from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import FixedWindowRateLimiter

from shared.errors import Throttled

WINDOW_S = 60


class QuotaUsedUp(Throttled):
    """This key has sent as many requests as it may in a minute."""

    slug = "quota-used-up"


@dataclass(frozen=True, slots=True)
class Quota:
    """What a key may still send until its window ends."""

    most: int
    left: int
    resets_in_s: int
    is_kept: bool = True
    """False once more was asked for than there was."""

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Return what tells a program how to pace itself."""
        return [
            (b"ratelimit-policy", b'"key";q=%d;w=%d' % (self.most, WINDOW_S)),
            (b"ratelimit", b'"key";r=%d;t=%d' % (self.left, self.resets_in_s)),
        ]


class Quotas:
    """Counts the requests of each key; a service of several replicas counts in each of them."""

    def __init__(self, a_minute: int) -> None:
        self._item = RateLimitItemPerMinute(a_minute)
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    async def take(self, key_id: str) -> Quota:
        """Count a request; whoever asks refuses it where the quota is not kept."""
        within = await self._limiter.hit(self._item, key_id)
        stats = await self._limiter.get_window_stats(self._item, key_id)
        resets_in_s = max(1, round(stats.reset_time - time.time()))
        return Quota(self._item.amount, stats.remaining, resets_in_s, within)
