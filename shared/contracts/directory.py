"""The directory that parcel keeps for all: offices, signing keys, who may act and who no longer may, devices."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime

from shared.contracts.envelope import Event
from shared.contracts.parcel import OWNER

TOPIC = "parcel.directory"

OfficeKind = Literal["ctc", "post_office", "hub", "office_of_exchange"]
HandOverRule = Literal["noted", "paid", "matched"]
"""What must be there before a parcel is handed over on which money is due: nothing, a payment, one that is known to
have reached the post where it was made by code."""


class DirectoryEvent(Event):
    """The present entry under one key; the highest version of a key counts, whatever came last."""

    topic: ClassVar[str] = TOPIC
    owner: ClassVar[str] = OWNER
    kind: ClassVar[str]

    version: int

    @property
    def entry_id(self) -> str:
        """Return the id within the kind."""
        raise TypeError(f"{type(self).__name__} has no entry id")

    @property
    def key(self) -> str:
        """Return kind and id."""
        return f"{self.kind}:{self.entry_id}"


class OfficeV1(DirectoryEvent):
    """An office: a CTC counter, a post office, a hub or an office of exchange."""

    type: ClassVar[str] = "directory.office.v1"
    kind: ClassVar[str] = "office"

    office: str
    name_km: str
    name_en: str
    office_kind: OfficeKind
    district_code: str
    """Gazetteer code, four digits."""
    sample: bool
    """True for made-up offices that come with a trial set-up."""
    place_code: str | None = None
    """Gazetteer code of the commune or village where it stands."""
    opening_hours: str | None = None
    """As OpenStreetMap writes them, such as `Mo-Su 07:00-17:30`."""
    latitude: float | None = None
    longitude: float | None = None
    """Degrees, WGS 84."""
    closed: bool = False
    """Takes in no parcels any more."""
    closes_on: date | None = None
    """First day, as days are counted in Cambodia, on which it takes in none; not known of offices closed long ago."""
    hand_over_rule: HandOverRule = "noted"
    """Releases that do not tell it hand over without being asked."""

    @property
    def entry_id(self) -> str:
        """Return the office code."""
        return self.office

    def takes_in(self, day: date) -> bool:
        """Tell whether parcels are taken in here on a day."""
        return not self.closed if self.closes_on is None else day < self.closes_on


class SigningKeyV1(DirectoryEvent):
    """A public key that staff tokens may be signed with."""

    type: ClassVar[str] = "directory.signing-key.v1"
    kind: ClassVar[str] = "signing-key"

    key_id: str
    public_key_pem: str

    @property
    def entry_id(self) -> str:
        """Return the key id."""
        return self.key_id


class ActorV1(DirectoryEvent):
    """Somebody who may act, by id and rights alone; no name."""

    type: ClassVar[str] = "directory.actor.v1"
    kind: ClassVar[str] = "actor"

    actor: str
    role: str
    office: str | None
    disabled: bool
    trader: str | None = None
    """The shop that a trader acts for."""

    @property
    def entry_id(self) -> str:
        """Return the actor's id."""
        return self.actor


class TraderV1(DirectoryEvent):
    """A shop by id and office alone; no name."""

    type: ClassVar[str] = "directory.trader.v1"
    kind: ClassVar[str] = "trader"

    trader: str
    office: str
    """Code of the office that opened it."""
    disabled: bool
    sample: bool

    @property
    def entry_id(self) -> str:
        """Return the shop's id."""
        return self.trader


class ApiKeyV1(DirectoryEvent):
    """A key of a shop: the hash of its secret and what it may do."""

    type: ClassVar[str] = "directory.api-key.v1"
    kind: ClassVar[str] = "api-key"

    key_id: str
    trader: str
    secret_sha256: str
    """Hex digest."""
    scopes: list[str]
    practice: bool
    """Works on practice parcels alone."""
    expires_at: AwareDatetime | None
    revoked: bool

    @property
    def entry_id(self) -> str:
        """Return the key's id."""
        return self.key_id


class DeviceV1(DirectoryEvent):
    """A counter's device by its office and the key that its requests and records are signed with; no person."""

    type: ClassVar[str] = "directory.device.v1"
    kind: ClassVar[str] = "device"

    device_id: UUID
    office: str
    public_key: str
    """Ed25519, 32 bytes in base64url without padding."""
    enrolled_at: AwareDatetime
    revoked_at: AwareDatetime | None = None
    """Since when nothing of it counts any more."""

    @property
    def entry_id(self) -> str:
        """Return the device's id."""
        return str(self.device_id)
