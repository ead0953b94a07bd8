"""Counters' devices: whose office each is, and the key that its requests and records are signed with.

Source: RFC 8032 for the keys, RFC 8037 for their base64url form.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.errors import Forbidden, NotFound, Unauthenticated

KEY_BYTES = 32


class DeviceUnknown(Unauthenticated):
    """This device is not enrolled, or not known here yet."""

    slug = "device-unknown"


class DeviceNotFound(NotFound):
    """No device of this id is one of your office's."""

    slug = "device-not-found"


class DeviceRevoked(Forbidden):
    """This device was revoked; nothing that it sends counts any more."""

    slug = "device-revoked"


@dataclass(frozen=True, slots=True)
class Device:
    """A device as the directory has it."""

    device_id: UUID
    office: str
    public_key: Ed25519PublicKey
    enrolled_at: datetime
    revoked_at: datetime | None = None

    def must_count(self) -> None:
        """Check that the device was not revoked.

        Raises: DeviceRevoked.
        """
        if self.revoked_at is not None:
            raise DeviceRevoked


def read_device_key(written: str) -> Ed25519PublicKey:
    """Read a public key as devices write it: 32 bytes in base64url without padding.

    Raises: ValueError.
    """
    try:
        raw = base64.b64decode(written + "=" * (-len(written) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("the key is not base64url") from None
    if len(raw) != KEY_BYTES or write_raw_key(raw) != written:
        raise ValueError("the key is not 32 bytes in base64url without padding")
    return Ed25519PublicKey.from_public_bytes(raw)


def write_device_key(public_key: Ed25519PublicKey) -> str:
    """Write a public key as devices do."""
    return write_raw_key(public_key.public_bytes_raw())


def write_raw_key(raw: bytes) -> str:
    """Write bytes in base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
