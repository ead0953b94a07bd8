"""One address for several replicas of a service: in turn, and where one refuses the connection, the next.

As proxies do, it spares a replica for a while that was asked and gave no answer.
"""

import time
from collections.abc import Mapping, Sequence
from itertools import count

from onebox.simulator.connections import Answer, Connections, NoAnswer, NothingSent

SPARED_FOR_S = 5.0


class Balanced(Connections):
    """Connections to the replicas of one service; a request that left is never sent to another one."""

    def __init__(self, urls: Sequence[str], most: int) -> None:
        super().__init__(urls[0], most)
        self._replicas = [Connections(url, most) for url in urls]
        self._spared_until = [0.0] * len(self._replicas)
        self._turn = count()

    async def ask(self, method: str, path: str, headers: Mapping[str, str], body: bytes, within_s: float) -> Answer:
        """Send a request to the first replica in turn that can be reached, and return its answer.

        Raises: NothingSent, if none can be reached; NoAnswer.
        """
        refusal = NothingSent("no-replica")
        for place in self._order():
            try:
                return await self._replicas[place].ask(method, path, headers, body, within_s)
            except NothingSent as nobody_there:
                refusal = nobody_there
            except NoAnswer:
                self._spared_until[place] = time.monotonic() + SPARED_FOR_S
                raise
        raise refusal

    def _order(self) -> list[int]:
        first, many, now = next(self._turn), len(self._replicas), time.monotonic()
        turns = [(first + place) % many for place in range(many)]
        return sorted(turns, key=lambda place: self._spared_until[place] > now)

    def close(self) -> None:
        """Close what is idle."""
        for replica in self._replicas:
            replica.close()
