"""A device: its key, who works at it, its clock, and the records that it signs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from onebox.counter.store import Store
from shared import clock
from shared.access import passes, signed
from shared.access.devices import write_device_key
from shared.access.passes import Pass
from shared.ids import new_id
from shared.syncing import record
from shared.syncing.kinds import LOST
from shared.syncing.record import Record

IDENTITY = "identity"
DRIFT = "drift"
PASS = "pass"  # noqa: S105  # a name, not a secret
PRESENT_PASS = "present-pass"  # noqa: S105


class Locked(Exception):
    """Nobody who may still unlock the device has signed in on it."""


@dataclass(slots=True)
class Device:
    """What one device is; everything that it must not forget is in its store."""

    device_id: UUID
    office: str
    key: Ed25519PrivateKey
    store: Store
    clock: Callable[[], datetime] = clock.now
    """The device's own, which may be wrong."""

    @classmethod
    def new(cls, store: Store, device_id: UUID, office: str) -> "Device":
        """Make a key for a device and keep it; only its public half ever leaves the store."""
        device = cls(device_id, office, Ed25519PrivateKey.generate(), store)
        told = {"device_id": str(device_id), "office": office, "key": device.key.private_bytes_raw().hex()}
        store.keep(IDENTITY, orjson.dumps(told))
        return device

    @classmethod
    def started_again(cls, store: Store) -> "Device":
        """Return the device whose store this is."""
        told = orjson.loads(store.find(IDENTITY) or b"{}")
        key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(told["key"]))
        return cls(UUID(told["device_id"]), told["office"], key, store)

    @property
    def public_key(self) -> str:
        """Return the public half of the key, as it is enrolled."""
        return write_device_key(self.key.public_key())

    @property
    def drift_ms(self) -> int:
        """Return how far the clock was ahead when it was last compared."""
        return int(self.store.find(DRIFT) or b"0")

    def compare_clock(self, service_time: datetime, asked_at: datetime, heard_at: datetime) -> None:
        """Note the drift against a time that a service told between two instants of the device's clock."""
        drift = asked_at + (heard_at - asked_at) / 2 - service_time
        self.store.keep(DRIFT, str(round(drift / timedelta(milliseconds=1))).encode())

    def sign_in(self, written: str) -> None:
        """Keep the pass of somebody who signed in with a line; they are at the device now."""
        granted = Pass.model_validate(signed.peek(written, passes.LONGEST).payload)
        self.store.keep(f"{PASS}/{granted.pass_id}", written.encode())
        self.store.keep(PRESENT_PASS, written.encode())

    def unlock(self) -> Pass:
        """Return the pass of who is at the device.

        Raises: Locked, after fourteen days too.
        """
        written = self.store.find(PRESENT_PASS)
        if written is None:
            raise Locked
        granted = Pass.model_validate(signed.peek(written.decode(), passes.LONGEST).payload)
        if not granted.is_good_at(self.clock() - timedelta(milliseconds=self.drift_ms)):
            raise Locked
        return granted

    def note(self, service: str, kind: str, body: dict[str, Any], bundle_id: str | None = None) -> Record:
        """Write down what was done, signed, for a service; it is on the disk when this returns.

        Raises: Locked.
        """
        granted, made = self.unlock(), []

        def make(sequence: int) -> str:
            made.append(self._record(sequence, kind, granted, body, bundle_id))
            return record.write(made[0], self.key)

        self.store.add(service, make)
        return made[0]

    def stand_in(self, sequence: int) -> str:
        """Sign what stands for a record that the disk lost, so that others need not wait for it."""
        return record.write(self._record(sequence, LOST, self.unlock(), {}, None), self.key)

    def _record(self, sequence: int, kind: str, granted: Pass, body: dict[str, Any], bundle_id: str | None) -> Record:
        return Record(
            record_id=new_id(),
            device_id=self.device_id,
            sequence=sequence,
            kind=kind,
            recorded_at=self.clock(),
            drift_ms=self.drift_ms,
            staff=granted.staff,
            pass_id=granted.pass_id,
            bundle_id=bundle_id,
            body=body,
        )
