"""The wall in front of a route for counters' devices: each request is signed with the key of the device.

A proof is of one request: its method, its path behind the front door, its body; it lives five minutes and is taken
once in each service. Bodies and tokens that somebody took down on the way are worth nothing without the key.
"""

import hashlib
from datetime import date, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Request
from fastapi.security import APIKeyHeader
from fastapi.security.base import SecurityBase
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError

from shared import clock, releases
from shared.access import nonces, signed
from shared.access.devices import Device
from shared.access.directory import Directory
from shared.access.signed import NotSigned
from shared.errors import Conflict, FieldProblem, Invalid, Unauthenticated
from shared.web.requests import path_of
from shared.web.service import service_of

KIND = "device-proof+jwt"
LONGEST = 2_048
CLOCK_MAY_BE_OFF = timedelta(minutes=5)
KEPT_FOR = 2 * CLOCK_MAY_BE_OFF
"""A proof of a clock that is ahead lives twice as long, seen from here."""
RELEASE = "Device-Release"
_proof = APIKeyHeader(
    name="Device-Proof",
    scheme_name="DeviceProof",
    auto_error=False,
    description="Compact JWS with the key of the device over method, path, body_sha256, at and nonce.",
)


class ProofRefused(Unauthenticated):
    """The proof of the device is missing, of another request, signed with another key, or was taken before."""

    slug = "device-proof-refused"


class ClockWrong(Unauthenticated):
    """The clock of the device is more than five minutes off; set it by the time given."""

    slug = "device-clock-wrong"

    def __init__(self, service_time: datetime) -> None:
        super().__init__("Sign the request again with the time corrected by the difference; nothing was done.")
        self.service_time = service_time


class ReleaseTooOld(Conflict):
    """The device runs a release that is too old to send; load the present one, what it holds stays."""

    slug = "release-too-old"

    def __init__(self) -> None:
        super().__init__(f"Releases from {releases.oldest()} on may send.")


class DeviceProof(BaseModel):
    """What a device says of one request."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    method: str
    path: str
    """With the service's name before it, as the front door has it, and the query behind it if there is one."""
    body_sha256: str
    """Hex digest; of no body that of no bytes."""
    at: AwareDatetime
    nonce: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{16,64}$")]


class DeviceWall(SecurityBase):
    """A dependency that gives the device that sent a request, or refuses."""

    model, scheme_name = _proof.model, _proof.scheme_name

    async def __call__(self, request: Request) -> Device:
        """Return the device.

        Raises: DeviceUnknown, ProofRefused, DeviceRevoked, ClockWrong, ReleaseTooOld, Invalid.
        """
        service, now = await service_of(request), clock.now()
        device, proof = _proven(request.headers.get(_proof.model.name, ""), service.directory)
        device.must_count()
        if abs(proof.at - now) > CLOCK_MAY_BE_OFF:
            raise ClockWrong(now)
        if not await _is_of(proof, request, service.name) or not _names(request, device.device_id):
            raise ProofRefused
        _must_be_recent(request)
        async with service.database.connection() as connection:
            if not await nonces.take(connection, device.device_id, proof.nonce, now, KEPT_FOR):
                raise ProofRefused
        return device


on_device = DeviceWall()
"""Let pass what a device sends that was enrolled and not revoked, about itself."""


def _proven(written: str, directory: Directory) -> tuple[Device, DeviceProof]:
    """Return the device that a proof names, and what the device signed.

    Raises: DeviceUnknown, ProofRefused.
    """
    try:
        word = signed.peek(written, LONGEST)
        if word.kind != KIND:
            raise ProofRefused
        device = directory.device(UUID(word.key_id))
        signed.must_be_signed(written, device.public_key)
        return device, DeviceProof.model_validate(word.payload)
    except (NotSigned, ValidationError, ValueError):
        raise ProofRefused from None


async def _is_of(proof: DeviceProof, request: Request, service: str) -> bool:
    query = request.scope["query_string"].decode("latin-1")
    path = f"/{service}{path_of(request.scope)}" + (f"?{query}" if query else "")
    digest = hashlib.sha256(await request.body()).hexdigest()
    return (proof.method, proof.path, proof.body_sha256) == (request.method, path, digest)


def _names(request: Request, device_id: UUID) -> bool:
    return str(request.path_params.get("device_id", device_id)) == str(device_id)


def _must_be_recent(request: Request) -> None:
    """Check which release the device runs.

    Raises: Invalid, ReleaseTooOld.
    """
    try:
        released_on = date.fromisoformat(request.headers.get(RELEASE, ""))
    except ValueError:
        message = "Name the day of the release that the device runs, such as 2026-12-01."
        raise Invalid([FieldProblem("device-release", "not-a-day", message)]) from None
    if not releases.may_send(released_on):
        raise ReleaseTooOld
