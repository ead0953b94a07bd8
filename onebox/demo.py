"""`make demo`: one domestic and one international parcel through their lives, against the running front door."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

import httpx

from onebox import run_lock
from onebox.configuration import sample_passphrase
from onebox.errors import CannotRun
from shared.ids import new_id

ANSWER_WITHIN_S = 15.0
STARTED_WITHIN_S = 300.0
Say = Callable[[str], None]
Steps = list[tuple[str, str, dict[str, str]]]

DOMESTIC: Steps = [
    ("EDD", "TKHUB", {}),
    ("EDE", "TKHUB", {}),
    ("EMG", "TK09A", {}),
    ("EDH", "TK09A", {}),
    ("EMI", "TK09A", {}),
]
INTERNATIONAL: Steps = [
    ("EMB", "PPOE", {}),
    ("EXA", "PPOE", {}),
    ("EXC", "PPOE", {}),
    ("EMC", "PPOE", {}),
    ("EMD", "KRSEL", {}),
    ("EDB", "KRSEL", {}),
    ("EDC", "KRSEL", {}),
    ("EMF", "KRSEL", {}),
    ("EMI", "KRSEL", {}),
]
CONTENT = {
    "category": "gift",
    "currency": "USD",
    "lines": [{"goods": "krama-silk", "quantity": 4, "net_weight_g": 2_000, "value_minor": 9_600}],
}

TRIES_TO_BE_KNOWN, TRIED_AGAIN_AFTER_S = 100, 0.2


class DemoStopped(CannotRun):
    """The demo could not go on."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A signed-in visit to the front door."""

    http: httpx.AsyncClient
    passphrase: str
    say: Say

    async def sign_in(self, name: str) -> dict[str, str]:
        """Return the header that shows who asks."""
        session = await self.ask("POST", "/parcel/sessions", json={"name": name, "passphrase": self.passphrase})
        headers = {"Authorization": f"Bearer {session['token']}"}
        await self._until_known(headers)
        return headers

    async def _until_known(self, headers: dict[str, str]) -> None:
        """Wait until tracking knows the key too, of which it hears a second after the very first start.

        Raises: DemoStopped.
        """
        for _ in range(TRIES_TO_BE_KNOWN):
            answer = await self.http.post("/tracking/scans", json={}, headers=headers)
            if answer.status_code != HTTPStatus.UNAUTHORIZED:
                return
            await asyncio.sleep(TRIED_AGAIN_AFTER_S)
        raise DemoStopped("Tracking does not know who signed in; see what the log says of `directory`.")

    async def ask(self, method: str, path: str, **more: object) -> dict[str, object]:
        """Call the front door and return the answer.

        Raises: DemoStopped, with the answer's own words, if it was no success.
        """
        answer = await self.http.request(method, path, **more)  # type: ignore[arg-type]  # passed on as it came
        self.must_be_right(answer)
        found: dict[str, object] = answer.json()
        return found

    def must_be_right(self, answer: httpx.Response) -> None:
        """Go on after a success.

        Raises: DemoStopped, with the answer's own words, if it was none.
        """
        if answer.is_error:
            asked = answer.request
            raise DemoStopped(f"{asked.method} {asked.url.path} answered {answer.status_code}: {answer.text}")


async def demo(state: Path, port: int, url: str | None, say: Say) -> None:
    """Walk both parcels; starts the post office for the time of the walk if none runs.

    Raises: CannotRun.
    """
    async with _front_door(state, port, url, say) as door:
        passphrase = os.environ.get("PARCEL_SAMPLE_PASSPHRASE") or sample_passphrase(state)
        async with httpx.AsyncClient(base_url=door, timeout=ANSWER_WITHIN_S) as http:
            walk = Walk(http, passphrase, say)
            say("\n━━ A parcel inside Takeo: from Bati to Tram Kak ━━")
            await _live(walk, "clerk-tk02a", _domestic_parcel(), DOMESTIC)
            say("\n━━ A parcel abroad: from Bati to Seoul; its sender has linked Telegram ━━")
            await http.post("/notifications/inbox/phones/011222333/telegram")
            await _live(walk, "clerk-tk02a", _international_parcel(), INTERNATIONAL)


async def _live(walk: Walk, clerk: str, parcel: dict[str, object], steps: Steps) -> None:
    headers = {**await walk.sign_in(clerk), "Idempotency-Key": str(new_id())}
    registered = await walk.ask("POST", "/parcel/parcels", json=parcel, headers=headers)
    number = str(registered["item_number"])
    walk.say(f"Registered {registered['item_number_grouped']}, {registered['weight_g']} g, {_price(registered)}.")
    await _until(walk, f"/tracking/journeys/{number}", lambda journey: journey["state"] == "accepted")
    if parcel["destination_country"] != "KH":
        await walk.ask("PUT", f"/parcel/parcels/{number}/customs-declaration", json=CONTENT, headers=headers)
        walk.say("Declared a silk krama; its advance data are complete.")
    for code, office, more in steps:
        await _scan(walk, number, code, office, more)
    journey = await _until(walk, f"/tracking/journeys/{number}", lambda journey: journey["state"] == "delivered")
    walk.say(f"Its page: {walk.http.base_url.join(f'/tracking/items/{number}')}")
    _print_timeline(walk.say, journey)
    inbox = await _until(walk, f"/notifications/inbox.json?item_number={number}", _has_final_message)
    _print_messages(walk.say, inbox)


def _price(registered: dict[str, object]) -> str:
    postage = registered["postage"]
    assert isinstance(postage, dict)
    collected = f", {postage['cod']['amount_minor']} riel to collect" if postage["cod"] else ""
    return f"postage {postage['price']['total_riel']} riel paid by {postage['payer']}{collected}"


async def _scan(walk: Walk, number: str, code: str, office: str, more: dict[str, str]) -> None:
    scan = {
        "scan_id": str(new_id()),
        "item_number": number,
        "event_code": code,
        "office": office,
        "device": "demo",
        "device_time": datetime.now(UTC).isoformat(),
        **more,
    }
    headers = await walk.sign_in("clerk-" + office.lower())
    for _ in range(TRIES_TO_BE_KNOWN):
        answer = await walk.http.post("/tracking/scans", json=scan, headers=headers)
        if answer.status_code != HTTPStatus.CONFLICT:
            break
        # Tracking hears of a declaration a moment after the counter.
        await asyncio.sleep(TRIED_AGAIN_AFTER_S)
    walk.must_be_right(answer)
    walk.say(f"  scanned {code} at {office}")


async def _until(
    walk: Walk, path: str, reached: Callable[[dict[str, object]], bool], within_s: float = ANSWER_WITHIN_S
) -> dict[str, object]:
    deadline = time.monotonic() + within_s
    while True:
        answer = await walk.http.get(path)
        if answer.is_success and reached(answer.json()):
            found: dict[str, object] = answer.json()
            return found
        if time.monotonic() > deadline:
            raise DemoStopped(f"{path} did not come to what was expected within {within_s:.0f} s: {answer.text}")
        await asyncio.sleep(0.1)


@asynccontextmanager
async def _front_door(state: Path, port: int, url: str | None, say: Say) -> AsyncIterator[str]:
    running = run_lock.holder(state)
    if url or (running and running.address):
        yield url or str(running and running.address)
        return
    say("No post office runs here; starting one for the demo.")
    starter = [sys.executable, "-m", "onebox", "up", "--state", str(state), "--port", str(port)]
    with subprocess.Popen(starter, stdout=subprocess.DEVNULL) as process:
        try:
            yield await _started(process, state)
        finally:
            process.terminate()


async def _started(process: "subprocess.Popen[bytes]", state: Path) -> str:
    deadline = time.monotonic() + STARTED_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        running = run_lock.holder(state)
        if running and running.address:
            return running.address
        await asyncio.sleep(0.2)
    raise DemoStopped("The post office did not start; run make up to see why.")


def _has_final_message(inbox: dict[str, object]) -> bool:
    messages = inbox["messages"]
    return isinstance(messages, list) and any(message["milestone"] == "delivered" for message in messages)


def _print_timeline(say: Say, journey: dict[str, object]) -> None:
    events = journey["events"]
    assert isinstance(events, list)
    say("\nTimeline, as anybody sees it by the number:")
    for event in events:
        place = event["place"] or {"km": "", "en": ""}
        say(f"  {event['occurred_at'][:19].replace('T', ' ')}  {event['text']['km']} · {place['km']}")
        say(f"  {'':19}  {event['text']['en']} · {place['en']}")


def _print_messages(say: Say, inbox: dict[str, object]) -> None:
    messages = inbox["messages"]
    assert isinstance(messages, list)
    say("\nMessages, as the phones show them:")
    for message in messages:
        parts = f"{message['segments']} segment(s)" if message["channel"] == "sms" else "no segments"
        say(f"  ── {message['channel']} to the {message['audience']} ({message['name']}, {message['phone']}), {parts}")
        for line in str(message["body"]).splitlines():
            say(f"     {line}")


def _domestic_parcel() -> dict[str, object]:
    return {
        "service": "parcel",
        "destination_country": "KH",
        "collecting_office": "TK09A",
        "weight_g": 1_450,
        "length_mm": 320,
        "width_mm": 240,
        "height_mm": 120,
        "cod": {"amount_minor": 52_000, "currency": "KHR"},
        "payer": "cod",
        "sender": {"name": "Sok Dara", "phone": "012 345 678", "language": "en"},
        "recipient": {"name": "ចាន់ សុភា", "phone": "០៩៧ ១២៣ ៤៥៦៧", "language": "km"},
    }


def _international_parcel() -> dict[str, object]:
    return {
        "service": "ems",
        "destination_country": "KR",
        "weight_g": 2_300,
        "length_mm": 400,
        "width_mm": 300,
        "height_mm": 150,
        "sender": {
            "name": "Kim Sokha",
            "phone": "011 222 333",
            "language": "km",
            "address": ["Trapeang Krasang, Pea Ream", "Bati, Takeo"],
        },
        "recipient": {
            "name": "Kim Minji",
            "phone": "+82 10 1234 5678",
            "language": "en",
            "address": ["12 Sejong-daero", "Seoul"],
            "postal_code": "04524",
        },
    }
