"""A counter's device: enrolled once with a code, signs with a key of its own, counts until it is revoked."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from shared.access.devices import read_device_key, write_raw_key
from shared.contracts.directory import DeviceV1
from shared.errors import Conflict, FieldProblem, Invalid

STORE_KEY_BYTES = 32
FORGED_BY_ANYBODY = frozenset(
    bytes.fromhex(one)
    for one in (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    )
)
"""Points of small order, their last bit aside: whoever likes signs for such a key. Source: libsodium, ed25519_ref10."""


class KeyTaken(Conflict):
    """This key was enrolled for another device, or for this one by another code; make a new key."""

    slug = "device-key-taken"


class RevocationReason(StrEnum):
    """Why a device counts no more; no free words, for they might name somebody."""

    STOLEN = "stolen"
    LOST = "lost"
    BROKEN = "broken"
    REPLACED = "replaced"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class CounterDevice:
    """A device as it is kept; its code and what its store is encrypted with are not part of it."""

    device_id: UUID
    office: str
    label: str
    made_by: str
    made_at: datetime
    code_expires_at: datetime
    public_key: bytes | None = None
    enrolled_at: datetime | None = None
    revoked_at: datetime | None = None
    revoked_by: str | None = None
    revoked_for: RevocationReason | None = None

    def directory_entry(self) -> DeviceV1 | None:
        """Return what the directory says of the device; nothing before it is enrolled."""
        if self.public_key is None or self.enrolled_at is None:
            return None
        return DeviceV1(
            device_id=self.device_id,
            office=self.office,
            public_key=write_raw_key(self.public_key),
            enrolled_at=self.enrolled_at,
            revoked_at=self.revoked_at,
            version=1,
        )


def key_to_enrol(written: str) -> bytes:
    """Read the public key that a device wants to sign with.

    Raises: Invalid, also for a key for which anybody can sign.
    """
    try:
        key: Ed25519PublicKey = read_device_key(written)
    except ValueError:
        message = "Send the 32 bytes of an Ed25519 public key in base64url without padding."
        raise Invalid([FieldProblem("public_key", "not-a-key", message)]) from None
    raw = key.public_bytes_raw()
    if (raw[:-1] + bytes([raw[-1] & 0x7F])) in FORGED_BY_ANYBODY:
        raise Invalid([FieldProblem("public_key", "weak-key", "Make a new key; anybody can sign for this one.")])
    return raw
