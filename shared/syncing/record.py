"""A record as a device signs it, read with strict limits; of one that cannot be read, what can still be told.

Source: RFC 7515, compact serialization.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from shared.access import signed
from shared.access.devices import Device
from shared.access.signed import NotSigned, Word
from shared.errors import FieldProblem

KIND = "record+jwt"
LONGEST = 16_384
"""Letters of one record."""
LARGEST_SEQUENCE = 2**53
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
LARGEST_DRIFT_MS = 100 * 366 * 86_400_000
TIME_ORDERED = 7


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a record is set aside: a stable code, a sentence, and the fields that were wrong."""

    code: str
    message: str
    errors: tuple[FieldProblem, ...] = ()


class Record(BaseModel):
    """One thing that a member of staff did on a device."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    record_id: UUID
    """UUIDv7, made by the device."""
    device_id: UUID
    sequence: Annotated[int, Field(ge=1, le=LARGEST_SEQUENCE, strict=True)]
    """1, 2, 3 and so on, counted for each service by itself."""
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,31}$")]
    recorded_at: Annotated[AwareDatetime, Field(ge=EARLIEST, lt=LATEST)]
    """What the device's clock said."""
    drift_ms: Annotated[int, Field(ge=-LARGEST_DRIFT_MS, le=LARGEST_DRIFT_MS, strict=True)]
    """How far that clock was ahead of ours when the device last heard it; negative if it was behind."""
    staff: Annotated[str, Field(min_length=1, max_length=64)]
    pass_id: UUID
    bundle_id: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    body: dict[str, Any]

    @property
    def occurred_at(self) -> datetime:
        """Return the device's time, corrected by its drift."""
        return self.recorded_at - timedelta(milliseconds=self.drift_ms)


@dataclass(frozen=True, slots=True)
class Sent:
    """One record as it came: the digest that tells it again, and what it says, or why nobody can know."""

    written: str
    sha256: bytes
    record: Record | None = None
    problem: Problem | None = None
    sequence: int | None = None
    """As it says itself, believed only where the whole record is in order."""
    record_id: UUID | None = None

    @property
    def is_signed(self) -> bool:
        """Tell whether the device said this."""
        return self.record is not None


NOT_A_RECORD = Problem("not-a-record", "This is no record in the form that devices send.")
SIGNATURE_WRONG = Problem("signature-wrong", "The record is not signed with the key of this device.")
OTHER_DEVICE = Problem("other-device", "The record names another device than the one that sends it.")


def write(record: Record, key: Ed25519PrivateKey) -> str:
    """Sign a record, as a device does."""
    return signed.write(Word(str(record.device_id), KIND, record.model_dump(mode="json")), key)


def read_all(device: Device, written: Sequence[object]) -> list[Sent]:
    """Read what a device sent, in its order; whatever an entry holds, the others are read."""
    return [_read(device, one) for one in written]


def _read(device: Device, entry: object) -> Sent:
    written = entry if isinstance(entry, str) else orjson.dumps(entry).decode()
    # A lone half of a pair of surrogates is no text that could be kept.
    raw = written.encode(errors="backslashreplace")
    sent = Sent(raw.decode().replace("\0", "\\0"), hashlib.sha256(raw).digest(), problem=NOT_A_RECORD)
    try:
        word = signed.peek(written, LONGEST)
    except NotSigned:
        return sent
    said = {"sequence": _sequence(word.payload), "record_id": _uuid(word.payload.get("record_id"))}
    try:
        signed.must_be_signed(written, device.public_key)
    except NotSigned:
        return _set_aside(sent, SIGNATURE_WRONG, said)
    if word.kind != KIND:
        return _set_aside(sent, NOT_A_RECORD, said)
    if word.key_id != str(device.device_id):
        return _set_aside(sent, OTHER_DEVICE, said)
    return _understood(device, sent, word.payload, said)


def _understood(device: Device, sent: Sent, payload: dict[str, Any], said: dict[str, Any]) -> Sent:
    try:
        record = Record.model_validate(payload)
    except ValidationError as refused:
        errors = tuple(
            FieldProblem(".".join(map(str, one["loc"])), str(one["type"]).replace("_", "-"), str(one["msg"]))
            for one in refused.errors(include_input=False)
        )
        return _set_aside(
            sent, Problem("record-malformed", "Fields of the record are not as they must be.", errors), said
        )
    if record.device_id != device.device_id:
        return _set_aside(sent, OTHER_DEVICE, said)
    if record.record_id.version != TIME_ORDERED:
        errors = (FieldProblem("record_id", "not-time-ordered", "Make the id of a record a UUID of version 7."),)
        return _set_aside(
            sent, Problem("record-malformed", "Fields of the record are not as they must be.", errors), said
        )
    return Sent(sent.written, sent.sha256, record, None, record.sequence, record.record_id)


def _set_aside(sent: Sent, problem: Problem, said: dict[str, Any]) -> Sent:
    return Sent(sent.written, sent.sha256, problem=problem, **said)


def _sequence(payload: dict[str, Any]) -> int | None:
    value = payload.get("sequence")
    return value if isinstance(value, int) and 1 <= value <= LARGEST_SEQUENCE else None


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
