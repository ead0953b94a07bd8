"""A visit to the front door: signing in, asking, scanning, and waiting for what comes of it."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus

import httpx

from onebox.errors import CannotRun
from shared.ids import new_id

Say = Callable[[str], None]
Answer = dict[str, object]
Step = tuple[str, str, dict[str, str]]
"""The event code, the office that scans, and what else the scan says."""

ANSWER_WITHIN_S = 15.0
TRIES, TRIED_AGAIN_AFTER_S = 100, 0.2


class DemoStopped(CannotRun):
    """The demo could not go on."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A visit by somebody who knows the passphrase of the sample staff."""

    http: httpx.AsyncClient
    passphrase: str
    say: Say

    async def sign_in(self, name: str) -> dict[str, str]:
        """Return the header that shows who asks.

        Raises: DemoStopped.
        """
        session = await self.ask("POST", "/parcel/sessions", json={"name": name, "passphrase": self.passphrase})
        headers = {"Authorization": f"Bearer {session['token']}"}
        await self._until_known(headers)
        return headers

    async def ask(self, method: str, path: str, **more: object) -> Answer:
        """Call the front door and return the answer.

        Raises: DemoStopped, with the answer's own words, if it was no success.
        """
        answer = await self.http.request(method, path, **more)  # type: ignore[arg-type]  # passed on as it came
        _must_be_right(answer)
        found: Answer = answer.json()
        return found

    async def scan(self, number: str, steps: Sequence[Step]) -> None:
        """Scan an item step by step; what a step waits for may reach tracking a moment after the counter.

        Raises: DemoStopped.
        """
        for step in steps:
            for _ in range(TRIES):
                answer = await self._scanned(number, step)
                if answer.status_code != HTTPStatus.CONFLICT:
                    break
                await asyncio.sleep(TRIED_AGAIN_AFTER_S)
            _must_be_right(answer)
            self.say(f"  scanned {step[0]} at {step[1]}")

    async def scan_in_vain(self, number: str, step: Step, slug: str) -> None:
        """Scan an item where this is to be refused, and say why it was.

        Raises: DemoStopped.
        """
        answer = await self._scanned(number, step)
        if answer.status_code != HTTPStatus.CONFLICT or answer.json()["type"] != f"/problems/{slug}":
            raise DemoStopped(f"{step[0]} at {step[1]} was to be refused as {slug}: {answer.status_code} {answer.text}")
        self.say(f"  refused {step[0]} at {step[1]}: {answer.json()['title']} {answer.json()['detail']}")

    async def until(self, path: str, reached: Callable[[Answer], bool], within_s: float = ANSWER_WITHIN_S) -> Answer:
        """Ask again and again until the answer is as expected.

        Raises: DemoStopped.
        """
        deadline = time.monotonic() + within_s
        while True:
            answer = await self.http.get(path)
            if answer.is_success and reached(answer.json()):
                found: Answer = answer.json()
                return found
            if time.monotonic() > deadline:
                raise DemoStopped(f"{path} did not come to what was expected within {within_s:.0f} s: {answer.text}")
            await asyncio.sleep(0.1)

    async def _until_known(self, headers: dict[str, str]) -> None:
        """Wait until tracking knows the key too, of which it hears a second after the very first start.

        Raises: DemoStopped.
        """
        for _ in range(TRIES):
            answer = await self.http.post("/tracking/scans", json={}, headers=headers)
            if answer.status_code != HTTPStatus.UNAUTHORIZED:
                return
            await asyncio.sleep(TRIED_AGAIN_AFTER_S)
        raise DemoStopped("Tracking does not know who signed in; see what the log says of `directory`.")

    async def _scanned(self, number: str, step: Step) -> httpx.Response:
        code, office, more = step
        scan = {
            "scan_id": str(new_id()),
            "item_number": number,
            "event_code": code,
            "office": office,
            "device": "demo",
            "device_time": datetime.now(UTC).isoformat(),
            **more,
        }
        headers = await self.sign_in(f"clerk-{office.lower()}")
        return await self.http.post("/tracking/scans", json=scan, headers=headers)


def _must_be_right(answer: httpx.Response) -> None:
    if answer.is_error:
        asked = answer.request
        raise DemoStopped(f"{asked.method} {asked.url.path} answered {answer.status_code}: {answer.text}")
