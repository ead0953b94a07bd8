"""The directory that the parcel service keeps for all: offices, signing keys, who may act and who no longer may."""

from typing import ClassVar, Literal

from shared.contracts.envelope import Event
from shared.contracts.parcel import OWNER

TOPIC = "parcel.directory"

OfficeKind = Literal["ctc", "post_office", "hub", "office_of_exchange"]


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

    @property
    def entry_id(self) -> str:
        """Return the office code."""
        return self.office


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
    """A member of staff by id and rights alone; no name."""

    type: ClassVar[str] = "directory.actor.v1"
    kind: ClassVar[str] = "actor"

    actor: str
    role: str
    office: str | None
    disabled: bool

    @property
    def entry_id(self) -> str:
        """Return the actor's id."""
        return self.actor
