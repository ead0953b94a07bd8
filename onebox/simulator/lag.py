"""How long it takes until the other services show what one has answered: sampled end to end, as people meet it."""

import asyncio
import time
from collections import defaultdict
from enum import StrEnum

from onebox.simulator.client import Client
from onebox.simulator.history import Call, Kind, Outcome

LOOKED_AGAIN_AFTER_S = 0.02
GIVEN_UP_AFTER_S = 30.0
FOLLOWED_EVERY_S = 1.0
"""For each hop: looking is load too, and nobody at a counter looks that often."""
TELLING = frozenset({"ready_for_collection", "delivered"})
"""States that a parcel comes to by one scan, so that seeing one means that this scan arrived."""


class Hop(StrEnum):
    """From one service's answer to another's."""

    REGISTERED_TO_TRACKING = "registered, until the journey is there"
    SCANNED_TO_PARCEL = "scanned, until the office of posting sees it"


class LagProbe:
    """Follows a registration and a scan now and then, each through its hop; asks with a client of its own."""

    def __init__(self, client: Client) -> None:
        self.seen: dict[Hop, list[tuple[float, float]]] = defaultdict(list)
        """For each hop, when an answer came and how many seconds later it was seen; the time given up, if never."""
        self._client = client
        self._offices: dict[str, str] = {}
        self._following: dict[Hop, asyncio.Task[None]] = {}
        self._free_at: dict[Hop, float] = defaultdict(float)

    def hear(self, call: Call) -> None:
        """Follow a call, if its hop is free."""
        if call.outcome is not Outcome.OK:
            return
        if call.kind is Kind.REGISTER:
            self._offices[call.answer["item_number"]] = call.answer["office"]
            self._follow(Hop.REGISTERED_TO_TRACKING, call, str(call.answer["item_number"]), "")
        elif call.kind is Kind.SCAN and call.answer.get("state") in TELLING:
            number = str(call.answer["item_number"])
            if number in self._offices:
                self._follow(Hop.SCANNED_TO_PARCEL, call, number, self._offices[number])

    def between(self, begin: float, end: float) -> dict[Hop, list[float]]:
        """Return the lags, in order of size, of what was answered in a stretch of time."""
        return {hop: sorted(lag for at, lag in seen if begin <= at < end) for hop, seen in self.seen.items()}

    async def close(self) -> None:
        """Stop following."""
        for task in self._following.values():
            task.cancel()
        await asyncio.gather(*self._following.values(), return_exceptions=True)

    def _follow(self, hop: Hop, call: Call, number: str, office: str) -> None:
        free = hop not in self._following or self._following[hop].done()
        if free and time.monotonic() >= self._free_at[hop]:
            self._free_at[hop] = time.monotonic() + FOLLOWED_EVERY_S
            state = call.answer["state"]
            self._following[hop] = asyncio.create_task(self._until_seen(hop, call.ended_at, number, office, state))

    async def _until_seen(self, hop: Hop, answered_at: float, number: str, office: str, state: str) -> None:
        while True:
            asked_at = time.monotonic()
            look = self._client.read_parcel(office, number) if office else self._client.read_journey(number)
            call = await look
            seen = call.outcome is Outcome.OK and (not office or call.answer["state"] == state)
            if seen or asked_at - answered_at > GIVEN_UP_AFTER_S:
                self.seen[hop].append((answered_at, time.monotonic() - answered_at))
                self._client.history.calls.clear()
                return
            await asyncio.sleep(LOOKED_AGAIN_AFTER_S)
