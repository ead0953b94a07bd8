"""Sealing of personal data on its way: AES-256-GCM under a key ring, bound to the event it belongs to.

Source: NIST SP 800-38D. Layout: version 1 (1 byte), key id length (1), key id, nonce (12), ciphertext and tag.
"""

import base64
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, SecretStr

VERSION = 1
NONCE_BYTES = 12
KEY_BYTES = 32


class CannotOpen(Exception):
    """Sealed bytes that this key ring cannot open; carries no part of them."""


class _RingFile(BaseModel):
    active: str
    keys: dict[str, SecretStr]


class KeyRing:
    """Keys by id; the active one seals, all of them open."""

    def __init__(self, active: str, keys: Mapping[str, bytes]) -> None:
        self._active = active
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        if active not in self._ciphers:
            raise ValueError(f"the key ring names {active!r} as active and does not hold it")

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a ring from a JSON file: `{"active": id, "keys": {id: base64 of 32 bytes}}`."""
        ring = _RingFile.model_validate_json(path.read_bytes())
        keys = {name: base64.b64decode(key.get_secret_value()) for name, key in ring.keys.items()}
        return cls(ring.active, keys)

    def seal(self, plain: bytes, bound_to: str) -> bytes:
        """Encrypt bytes so that they open only together with the same `bound_to`."""
        key_id, nonce = self._active.encode(), os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._active].encrypt(nonce, plain, bound_to.encode())
        return bytes((VERSION, len(key_id))) + key_id + nonce + sealed

    def open(self, sealed: bytes, bound_to: str) -> bytes:
        """Decrypt sealed bytes.

        Raises: CannotOpen, where the key is unknown or the bytes or their binding were changed.
        """
        if len(sealed) < 2 or sealed[0] != VERSION:
            raise CannotOpen("not sealed bytes of a known version")
        nonce_at = 2 + sealed[1]
        cipher = self._ciphers.get(sealed[2:nonce_at].decode(errors="replace"))
        if cipher is None:
            raise CannotOpen("sealed with a key that is not in the ring")
        nonce, ciphertext = sealed[nonce_at : nonce_at + NONCE_BYTES], sealed[nonce_at + NONCE_BYTES :]
        try:
            return cipher.decrypt(nonce, ciphertext, bound_to.encode())
        except (InvalidTag, ValueError):
            raise CannotOpen("the sealed bytes were changed, or belong to something else") from None


def new_ring_file() -> str:
    """Return the text of a ring file with one new key."""
    key = base64.b64encode(os.urandom(KEY_BYTES)).decode()
    return f'{{"active": "k1", "keys": {{"k1": "{key}"}}}}\n'
