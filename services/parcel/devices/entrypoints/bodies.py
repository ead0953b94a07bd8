"""What the HTTP side takes and gives about devices."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.parcel.devices.domain.device import CounterDevice, RevocationReason
from services.parcel.devices.domain.passes import KeptPass
from services.parcel.forms import Body, OfficeCode, Text, View
from services.parcel.people.entrypoints.sessions_http import SessionView


class DeviceBody(Body):
    """A device to add."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"office": "TK01A", "label": "tablet at counter 1"}]})

    office: OfficeCode
    label: Text


class DeviceKeyBody(Body):
    """The code that enrols a device, and the public half of the key that it made."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"code": "7K3QX-M9T2W", "public_key": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]
        }
    )

    code: Annotated[str, StringConstraints(min_length=1, max_length=20, pattern=r"^[0-9A-Za-z -]+$")]
    public_key: Annotated[str, StringConstraints(min_length=43, max_length=43, pattern=r"^[A-Za-z0-9_-]+$")]
    """Ed25519, 32 bytes in base64url without padding."""


class RevocationBody(Body):
    """Why a device is revoked."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "stolen"}]})

    reason: RevocationReason


class BlockBody(Body):
    """How many numbers of two letters a device has unused."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"indicator": "PD", "unused": 412}]})

    indicator: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    unused: Annotated[int, Field(ge=0, le=1_000_000)]


class DeviceView(View):
    """A device as it is kept."""

    device_id: UUID
    office: str
    label: str
    made_by: str
    made_at: datetime
    code_expires_at: datetime
    enrolled_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None
    revoked_for: RevocationReason | None


class RevokedView(View):
    """A device that counts no more."""

    device_id: UUID
    revoked_at: datetime
    revoked_by: str
    revoked_for: RevocationReason


class NewDeviceView(DeviceView):
    """A device with the code that enrols it, which is shown this once."""

    code: str


class SigningKeyView(BaseModel):
    """A key that parcel signs with: tokens, passes and bundles."""

    key_id: str
    public_key: str
    """Ed25519, 32 bytes in base64url without padding."""


class EnrolledView(BaseModel):
    """What a device that was enrolled must know."""

    device_id: UUID
    office: str
    enrolled_at: datetime
    signing_keys: list[SigningKeyView]


class PassView(BaseModel):
    """Who may unlock a device without a line, and how long."""

    pass_id: UUID
    staff: str
    role: str
    issued_at: datetime
    ends_at: datetime

    @classmethod
    def of(cls, kept: KeptPass) -> "PassView":
        """Return the view of a pass."""
        granted = kept.granted
        return cls(
            pass_id=granted.pass_id,
            staff=granted.staff,
            role=granted.role,
            issued_at=granted.issued_at,
            ends_at=kept.ends_at,
        )


class LeasedBlockView(View):
    """Item numbers that one device gives out: serials from the first to the last, each with its check digit."""

    indicator: str
    first_serial: int
    last_serial: int
    first_number: str
    last_number: str


class DeviceFoundView(DeviceView):
    """A device, who may unlock it, and which numbers it leased of late."""

    passes: list[PassView]
    blocks: list[LeasedBlockView]


class DeviceSessionView(SessionView):
    """A session on a device, and what unlocks the device without a line."""

    device_pass: str
    """Compact JWS by parcel; stands in each record that is made under it."""
    pass_ends_at: datetime
    store_key: str
    """What the device's store is encrypted with, 32 bytes in base64url; never kept as it is."""


class BundleView(BaseModel):
    """A bundle: what parcel signed, and the parts that the device does not have, each as the text of its digest."""

    bundle: str
    """Compact JWS by parcel over the manifest."""
    parts: dict[str, str]


def device_view(device: CounterDevice) -> DeviceView:
    """Show a device."""
    return DeviceView.model_validate(device)
