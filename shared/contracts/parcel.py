"""The events of the parcel service: what was registered, changed, cancelled, and whom to tell."""

from datetime import date
from typing import ClassVar, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.contracts.envelope import Event
from shared.contracts.items import ItemNumberText

EVENTS_TOPIC = "parcel.events"
CONTACTS_TOPIC = "parcel.contacts"
CODES_TOPIC = "parcel.codes"
OWNER = "parcel"

Service = Literal["parcel", "ems", "small_packet", "registered_letter"]
Language = Literal["km", "en"]


class ParcelEvent(Event):
    """A fact about one parcel; it names no person."""

    topic: ClassVar[str] = EVENTS_TOPIC
    owner: ClassVar[str] = OWNER

    item_number: ItemNumberText
    version: int
    """Grows by one with each change of the parcel."""

    @property
    def key(self) -> str:
        """Return the item number."""
        return self.item_number


class ParcelRegisteredV1(ParcelEvent):
    """A counter took a parcel in and gave it a number."""

    type: ClassVar[str] = "parcel.registered.v1"

    office: str
    """Code of the office of posting."""
    service: Service
    destination_country: str
    """ISO 3166-1 alpha-2; KH is domestic."""
    collecting_office: str | None
    """Code of the office where a domestic parcel will wait."""
    weight_g: int
    registered_at: AwareDatetime
    link_secret_sha256: str
    """Hex digest of the secret in the opaque tracking link."""
    door_delivery: bool = False
    """The sender asked that it be brought to the recipient's door; releases that did not tell it say no."""
    if_undeliverable: Literal["return", "abandon", "redirect"] = "return"
    """What the sender wants of it then; where it would be redirected to stands on its papers alone."""
    cod_amount_minor: int = 0
    """What is collected from the recipient for the sender, whole riel or cents; 0 of releases that did not tell it."""
    cod_currency: Literal["KHR", "USD"] = "KHR"
    postage_due_riel: int = 0
    """What the recipient pays of the postage."""


class ParcelChangedV1(ParcelEvent):
    """Somebody corrected who receives a parcel, or an item from abroad; the values themselves travel sealed."""

    type: ClassVar[str] = "parcel.changed.v1"

    changed: Literal["recipient"]


class ParcelCancelledV1(ParcelEvent):
    """The sender took the parcel back before it left the office of posting."""

    type: ClassVar[str] = "parcel.cancelled.v1"

    office: str
    cancelled_at: AwareDatetime


class ParcelErasedV1(ParcelEvent):
    """The time of the personal data on a parcel is over; whoever holds any deletes it."""

    type: ClassVar[str] = "parcel.erased.v1"

    erased_at: AwareDatetime


class ParcelAdvanceDataCompletedV1(Event):
    """All that the post of destination must know ahead is there; the parcel may be closed into a dispatch.

    Until then what it holds may be declared anew, which is told anew: the highest version counts.
    """

    topic: ClassVar[str] = EVENTS_TOPIC
    type: ClassVar[str] = "parcel.advance-data-completed.v1"
    owner: ClassVar[str] = OWNER

    item_number: ItemNumberText
    declaration_version: int
    """Of the declaration that is complete now."""
    completed_at: AwareDatetime

    @property
    def key(self) -> str:
        """Return the item number."""
        return self.item_number


class ParcelChargesSetV1(ParcelEvent):
    """What the addressee of an item from abroad has to pay was set, or is paid; the highest version counts."""

    type: ClassVar[str] = "parcel.charges-set.v1"

    charges: Literal["due", "paid"]
    """Nothing to pay counts as paid."""
    amount_minor: int | None = None
    """Duty and fees together, whole riel or whole cents; None from releases that did not tell it."""
    currency: Literal["KHR", "USD"] | None = None


class ParcelCodBookedV1(Event):
    """What was due from the recipient is paid and stands in the ledger; by code, once a bank's statement shows it."""

    topic: ClassVar[str] = EVENTS_TOPIC
    type: ClassVar[str] = "parcel.cod-booked.v1"
    owner: ClassVar[str] = OWNER

    item_number: ItemNumberText
    amount_minor: int
    currency: Literal["KHR", "USD"]
    method: Literal["cash", "khqr", "carrier"]
    booked_at: AwareDatetime

    @property
    def key(self) -> str:
        """Return the item number."""
        return self.item_number


class ParcelPaidOutV1(Event):
    """What was collected for a sender is with them."""

    topic: ClassVar[str] = EVENTS_TOPIC
    type: ClassVar[str] = "parcel.paid-out.v1"
    owner: ClassVar[str] = OWNER

    item_number: ItemNumberText
    amount_minor: int
    """What was collected less what was kept back."""
    currency: Literal["KHR", "USD"]
    method: Literal["bank", "bakong", "cash"]
    paid_at: AwareDatetime
    late: bool
    """After the day that was promised."""

    @property
    def key(self) -> str:
        """Return the item number."""
        return self.item_number


class ClaimEvent(Event):
    """A fact about a claim; it names no person."""

    topic: ClassVar[str] = EVENTS_TOPIC
    owner: ClassVar[str] = OWNER

    claim_id: UUID
    item_number: ItemNumberText

    @property
    def key(self) -> str:
        """Return the item number."""
        return self.item_number


class ParcelClaimOpenedV1(ClaimEvent):
    """Somebody asks about an item; its last holder is to answer."""

    type: ClassVar[str] = "parcel.claim-opened.v1"

    ground: Literal["loss", "damage", "theft", "return"]
    claimant: Literal["sender", "recipient", "shop"]
    office: str
    """That follows it."""
    holder_office: str | None
    holder_country: str | None
    """Of the post that has the item, where no office of ours does."""
    answer_by: date
    opened_at: AwareDatetime


class ParcelClaimAnsweredV1(ClaimEvent):
    """A holder said what it found; it may have been another one after it, who is asked now."""

    type: ClassVar[str] = "parcel.claim-answered.v1"

    answer: Literal["found", "handed_over", "not_here"]
    holder_office: str | None
    """Who answered."""
    holder_country: str | None
    next_office: str | None = None
    next_country: str | None = None
    answered_at: AwareDatetime


class ParcelClaimDecidedV1(ClaimEvent):
    """A second person decided what becomes of a claim."""

    type: ClassVar[str] = "parcel.claim-decided.v1"

    outcome: Literal["compensation", "refusal"]
    amount_minor: int
    """Nothing of a refusal."""
    currency: Literal["KHR", "USD"]
    decided_at: AwareDatetime


class ParcelClaimPaidV1(ClaimEvent):
    """A claimant has what was granted."""

    type: ClassVar[str] = "parcel.claim-paid.v1"

    amount_minor: int
    currency: Literal["KHR", "USD"]
    method: Literal["cash", "bank"]
    paid_at: AwareDatetime


class ParcelClaimClosedV1(ClaimEvent):
    """A claim ended without being decided, or what was paid for was found."""

    type: ClassVar[str] = "parcel.claim-closed.v1"

    closed_for: Literal["withdrawn", "found", "duplicate", "recovered", "kept"]
    closed_at: AwareDatetime


class ParcelLedgerHeadV1(Event):
    """The ledger of an office reached as far as this; what is written into its place later has another digest."""

    topic: ClassVar[str] = EVENTS_TOPIC
    type: ClassVar[str] = "parcel.ledger-head.v1"
    owner: ClassVar[str] = OWNER

    office: str
    sequence: int
    """Of the last entry."""
    sha256: str
    """Hex digest of the last entry, which is over the one before it, and so over all."""

    @property
    def key(self) -> str:
        """Return the code of the office."""
        return self.office


class Contact(BaseModel):
    """A person to tell: name, phone in E.164, the language they read."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    phone: str
    language: Language


class ParcelContactsV1(Event):
    """Whom to tell about a parcel; the latest version of a key replaces the others."""

    topic: ClassVar[str] = CONTACTS_TOPIC
    type: ClassVar[str] = "parcel.contacts.v1"
    owner: ClassVar[str] = OWNER
    sealed: ClassVar[bool] = True

    item_number: ItemNumberText
    version: int
    sender: Contact
    recipient: Contact
    link_secret: str
    papers_wanted: str | None = None
    """Which papers customs asks the recipient of an item from abroad for, as long as none was brought."""

    @property
    def key(self) -> str:
        """Return the item number."""
        return self.item_number


class SignInCodeV1(Event):
    """A code that a trader signs in with; it is worth nothing after a few minutes."""

    topic: ClassVar[str] = CODES_TOPIC
    type: ClassVar[str] = "parcel.sign-in-code.v1"
    owner: ClassVar[str] = OWNER
    sealed: ClassVar[bool] = True

    request_id: str
    phone: str
    """E.164."""
    language: Language
    code: str
    expires_at: AwareDatetime

    @property
    def key(self) -> str:
        """Return the id of the request."""
        return self.request_id
