"""A counter's device as a test needs it: a key of its own, and requests that are signed with it."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.access import signed
from shared.access.devices import write_device_key
from shared.access.roles import Role
from shared.access.signed import Word
from shared.clock import now
from shared.releases import RELEASED_ON
from shared.web.device import KIND
from tests.parcel.bodies import HOME, keyed
from tests.parcel.counter import Counter


@dataclass
class CounterDevice:
    """A device, and the client by which it asks."""

    client: httpx.AsyncClient
    device_id: UUID
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    service: str = "parcel"
    clock_off: timedelta = timedelta()
    release: str = str(RELEASED_ON)

    @property
    def public_key(self) -> str:
        """Return the public half as it is enrolled."""
        return write_device_key(self.key.public_key())

    def proof(self, method: str, path: str, body: bytes = b"", /, **changed: Any) -> str:
        """Sign what a request is; claims may be changed, and the kind and the key id of the word."""
        claims = {
            "method": method,
            "path": f"/{self.service}{path}",
            "body_sha256": hashlib.sha256(body).hexdigest(),
            "at": (now() + self.clock_off).isoformat(),
            "nonce": secrets.token_urlsafe(16),
        }
        kind, key_id = changed.pop("kind", KIND), changed.pop("key_id", str(self.device_id))
        return signed.write(Word(key_id, kind, claims | changed), self.key)

    def headers(self, method: str, path: str, body: bytes = b"", /, **changed: Any) -> dict[str, str]:
        """Return the headers of one request."""
        return {"Device-Proof": self.proof(method, path, body, **changed), "Device-Release": self.release}

    async def get(self, beneath: str, **headers: str) -> httpx.Response:
        """Read something beneath the device's own path."""
        path = f"/devices/{self.device_id}{beneath}"
        return await self.client.get(path, headers=self.headers("GET", path) | headers)

    async def post(self, beneath: str, body: Any, **headers: str) -> httpx.Response:
        """Send something beneath the device's own path."""
        path, content = f"/devices/{self.device_id}{beneath}", json.dumps(body).encode()
        sent = self.headers("POST", path, content) | {"Content-Type": "application/json"} | headers
        return await self.client.post(path, content=content, headers=sent)

    async def lease(self, unused: int = 0, indicator: str = "PD", key: str | None = None) -> httpx.Response:
        """Ask for a block of numbers."""
        return await self.post("/number-blocks", {"indicator": indicator, "unused": unused}, **keyed(key))

    async def enrol(self, code: str) -> httpx.Response:
        """Send the key."""
        body = {"code": code, "public_key": self.public_key}
        return await self.client.post(f"/devices/{self.device_id}/key", json=body)


async def added(counter: Counter, office: str = HOME, label: str = "tablet at counter 1") -> dict[str, Any]:
    """Add a device; returns what the supervisor is shown."""
    headers = counter.signed_in(Role.SUPERVISOR, office)
    answer = await counter.client.post("/devices", json={"office": office, "label": label}, headers=headers)
    assert answer.status_code == 201, answer.text
    shown: dict[str, Any] = answer.json()
    return shown


async def enrolled(counter: Counter, office: str = HOME) -> CounterDevice:
    """Add a device to an office and enrol it."""
    shown = await added(counter, office)
    device = CounterDevice(counter.client, UUID(shown["device_id"]))
    answer = await device.enrol(shown["code"])
    assert answer.status_code == 201, answer.text
    return device


async def revoke(
    counter: Counter, device_id: UUID, role: Role = Role.SUPERVISOR, by: str = HOME, reason: str = "stolen"
) -> httpx.Response:
    """Revoke a device."""
    return await counter.client.post(
        f"/devices/{device_id}/revocation", json={"reason": reason}, headers=counter.signed_in(role, by)
    )


def unsigned_payload(written: str) -> dict[str, Any]:
    """Return what a word says, unchecked."""
    part = written.split(".")[1]
    said: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return said


def in_minutes(minutes: float) -> datetime:
    """Return an instant some minutes from now."""
    return now() + timedelta(minutes=minutes)
