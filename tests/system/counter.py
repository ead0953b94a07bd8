"""Clerks at counters: sign in, register with retries, each request sent several times."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

from shared.ids import new_id
from tests.system.stack import PASSPHRASE, Stack

GIVE_UP_AFTER_S = 60.0
TOKEN_LIVES_S = 240.0


@dataclass
class Counter:
    """A clerk of one office and what the counter was answered."""

    http: httpx.AsyncClient
    stack: Stack
    office: str
    headers: dict[str, str] = field(default_factory=dict)
    signed_in_at: float = 0.0
    registered: dict[str, str] = field(default_factory=dict)
    """Item number by idempotency key."""

    async def sign_in(self) -> None:
        """Get a token."""
        body = {"name": f"clerk-{self.office.lower()}", "passphrase": PASSPHRASE}
        answer = await self._until_answered("POST", "/sessions", body, {})
        assert answer.status_code == 201, answer.text
        self.headers = {"Authorization": f"Bearer {answer.json()['token']}"}
        self.signed_in_at = time.monotonic()

    async def register(self, parcel: dict[str, object], times: int) -> None:
        """Register one parcel, sending the same request several times at once; every answer must be the same."""
        if time.monotonic() - self.signed_in_at > TOKEN_LIVES_S:
            await self.sign_in()
        key = str(new_id())
        headers = {**self.headers, "Idempotency-Key": key}
        sends = [self._until_answered("POST", "/parcels", parcel, headers) for _ in range(times)]
        answers = await asyncio.gather(*sends)
        assert {answer.status_code for answer in answers} == {201}, answers[0].text
        assert len({answer.content for answer in answers}) == 1
        self.registered[key] = answers[0].json()["item_number"]

    async def _until_answered(
        self, method: str, path: str, body: dict[str, object] | dict[str, str], headers: dict[str, str]
    ) -> httpx.Response:
        """Ask again while the outcome is unknown or the service is busy, under the same key."""
        deadline = time.monotonic() + GIVE_UP_AFTER_S
        while True:
            try:
                url = f"{self.stack.url('parcel')}{path}"
                answer = await self.http.request(method, url, json=body, headers=headers)
                # A service that just started again may not have read the directory yet.
                if answer.status_code not in {401, 409, 503} or time.monotonic() > deadline:
                    return answer
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    raise
            await asyncio.sleep(0.1)


async def work(stack: Stack, offices: Sequence[str], parcels: int, workers: int, times: int) -> dict[str, str]:
    """Register parcels by several workers; returns item numbers by key."""
    limits = httpx.Limits(max_connections=workers * times)
    async with httpx.AsyncClient(timeout=15.0, limits=limits) as http:
        counters = [Counter(http, stack, offices[place % len(offices)]) for place in range(workers)]
        await asyncio.gather(*(counter.sign_in() for counter in counters))
        todo = iter(range(parcels))

        async def run(counter: Counter) -> None:
            for place in todo:
                await counter.register(parcel(place), times)

        await asyncio.gather(*(run(counter) for counter in counters))
    return {key: number for counter in counters for key, number in counter.registered.items()}


def parcel(place: int) -> dict[str, object]:
    """Return a parcel whose people nobody else has."""
    return {
        "collecting_office": "TK09A",
        "weight_g": 100 + place % 5_000,
        "length_mm": 300,
        "width_mm": 200,
        "height_mm": 100 + place % 100,
        "sender": {"name": f"Sender {place}", "phone": f"012{300_000 + place}", "language": "en"},
        "recipient": {"name": f"អ្នកទទួល {place}", "phone": f"097{1_000_000 + place}", "language": "km"},
    }
