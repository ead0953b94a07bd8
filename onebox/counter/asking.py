"""How a device asks a service: each request signed, with a clock that the service believes."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from onebox.counter.device import Device
from shared.access import signed
from shared.access.signed import Word
from shared.releases import RELEASED_ON
from shared.web.device import KIND, RELEASE

PROOF = "Device-Proof"
NONCE_BYTES = 16
CLOCK_WRONG = "/problems/device-clock-wrong"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it goes over the line."""

    service: str
    method: str
    path: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the status, the headers in small letters, and the JSON that was in the body."""

    status: int
    headers: Mapping[str, str]
    told: dict[str, Any]


Wire = Callable[[Request], Awaitable[Answer]]
"""Carries a request to its service; raises where there is no line, or none any more."""


class Refused(Exception):
    """The service said no; the type of its problem is in the text."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(f"{answer.status} {answer.told.get('type')}")
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Line:
    """A device with a line."""

    device: Device
    wire: Wire

    async def ask(
        self, service: str, method: str, path: str, body: bytes = b"", more: Mapping[str, str] | None = None
    ) -> Answer:
        """Ask a service, beneath the device's own path; a clock that is told to be wrong is compared, and asked again.

        Raises: Refused; whatever the wire raises.
        """
        whole = f"/devices/{self.device.device_id}{path}"
        answer = await self._once(service, method, whole, body, more or {})
        if answer.told.get("type") == CLOCK_WRONG:
            answer = await self._once(service, method, whole, body, more or {})
        if answer.status >= 400:
            raise Refused(answer)
        return answer

    async def _once(self, service: str, method: str, path: str, body: bytes, more: Mapping[str, str]) -> Answer:
        headers = {**signed_headers(self.device, service, method, path, body), **more}
        asked_at = self.device.clock()
        answer = await self.wire(Request(service, method, path, body, headers))
        if told := answer.told.get("service_time") or answer.told.get("received_at"):
            self.device.compare_clock(datetime.fromisoformat(told), asked_at, self.device.clock())
        return answer


def signed_headers(device: Device, service: str, method: str, path: str, body: bytes) -> dict[str, str]:
    """Return the headers of one request; the time is that of the device, less the drift that it knows."""
    said = {
        "method": method,
        "path": f"/{service}{path}",
        "body_sha256": hashlib.sha256(body).hexdigest(),
        "at": (device.clock() - timedelta(milliseconds=device.drift_ms)).isoformat(),
        "nonce": secrets.token_urlsafe(NONCE_BYTES),
    }
    return {
        PROOF: signed.write(Word(str(device.device_id), KIND, said), device.key),
        RELEASE: str(RELEASED_ON),
        "Content-Type": "application/json",
    }
