"""A bundle as a device reads it."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

import httpx

from services.parcel.devices.domain.bundle import KIND
from shared.access import signed
from shared.access.tokens import SigningKey
from tests.parcel.devices.counter_device import CounterDevice


@dataclass(frozen=True)
class Read:
    """A manifest whose signature is good, and the parts whose digests it names."""

    manifest: dict[str, Any]
    parts: dict[str, Any]

    @property
    def digests(self) -> dict[str, str]:
        """Return the digest of each part."""
        return {name: part["sha256"] for name, part in self.manifest["parts"].items()}


def read(answer: httpx.Response, key: SigningKey) -> Read:
    """Check a bundle as a device does, and read it."""
    assert answer.status_code == 200, answer.text
    body = answer.json()
    word = signed.peek(body["bundle"], 10_000)
    assert (word.kind, word.key_id) == (KIND, key.key_id)
    signed.must_be_signed(body["bundle"], key.private_key.public_key())
    for name, text in body["parts"].items():
        assert hashlib.sha256(text.encode()).hexdigest() == word.payload["parts"][name]["sha256"]
        assert len(text.encode()) == word.payload["parts"][name]["size_bytes"]
    return Read(word.payload, {name: json.loads(text) for name, text in body["parts"].items()})


async def got(device: CounterDevice, key: SigningKey, beneath: str = "") -> Read:
    """Let a device get its bundle."""
    return read(await device.get(f"/bundle{beneath}"), key)
