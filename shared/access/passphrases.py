"""Hashing of passphrases in a bounded pool, so that sign-ins never starve the counter.

Source: RFC 9106 and the OWASP password storage advice: Argon2id, 19 MiB, two passes, one lane.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from shared.errors import Unavailable

AT_ONCE = 2
LONGEST_QUEUE = 20


class TooManySignIns(Unavailable):
    """Too many people sign in at this moment."""

    slug = "too-many-sign-ins"


class Passphrases:
    """Makes and checks hashes, two at a time; refuses when many wait."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="argon2")
        self._nobody = self._pool.submit(self._hasher.hash, "nobody has this passphrase")
        self._waiting = 0

    async def hash(self, passphrase: str) -> str:
        """Return the hash to keep."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._hasher.hash, passphrase)

    def must_have_room(self) -> None:
        """Check that one more can be judged soon.

        Raises: TooManySignIns.
        """
        if self._waiting >= LONGEST_QUEUE:
            raise TooManySignIns

    async def fit(self, kept_hash: str | None, passphrase: str) -> bool:
        """Tell whether a passphrase fits a hash; None stands for a person that does not exist.

        Raises: TooManySignIns.
        """
        self.must_have_room()
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._pool, self._verify, kept_hash, passphrase)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _verify(self, kept_hash: str | None, passphrase: str) -> bool:
        try:
            return self._hasher.verify(kept_hash or self._nobody.result(), passphrase)
        except (Argon2Error, InvalidHashError):
            return False
