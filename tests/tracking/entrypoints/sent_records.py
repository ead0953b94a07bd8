"""Records as the tests send them, and what is said of them."""

import json
from typing import Any

from tests.support.counters import Counter
from tests.tracking.scans import NUMBER


def scanned(counter: Counter, number: str = NUMBER, code: str = "EDD", **body: Any) -> str:
    """Scan on the device; returns the record as it would be sent."""
    counter.device.note("tracking", "scan", {"item_number": number, "event_code": code, **body})
    return counter.device.store.waiting("tracking", 10_000)[-1][1] or ""


async def send(counter: Counter, records: list[Any], passes: list[str] | None = None) -> list[dict[str, Any]]:
    """Send records with the present pass, or with those given; returns what is said of each."""
    present = counter.device.store.find("present-pass") or b""
    body = {
        "sent_at": counter.device.clock().isoformat(),
        "passes": [present.decode()] if passes is None else passes,
        "records": records,
    }
    answer = await counter.line.ask("tracking", "POST", "/records", json.dumps(body).encode())
    told: list[dict[str, Any]] = answer.told["records"]
    return told


def outcomes(answers: list[dict[str, Any]]) -> list[tuple[int | None, str]]:
    """Return place and outcome of each."""
    return [(one["sequence"], one["outcome"]) for one in answers]


def codes(answers: list[dict[str, Any]]) -> list[str | None]:
    """Return the code of each problem, None where there is none."""
    return [one["problem"] and one["problem"]["code"] for one in answers]
