"""A parcel as registered, and which change it still allows."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from services.parcel.posting.domain.non_delivery import IfUndeliverable
from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.postage import Postage
from services.parcel.pricing.domain.payer import Payer
from services.parcel.pricing.domain.tariff import Option
from services.parcel.pricing.domain.void_request import Paid
from shared.access.roles import Actor
from shared.contracts.parcel import ParcelContactsV1, ParcelRegisteredV1, Service
from shared.contracts.states import CustomerState
from shared.errors import Conflict, NotFound
from shared.s10 import grouped

ENDED = frozenset(
    {
        CustomerState.DELIVERED,
        CustomerState.RETURNED,
        CustomerState.CANCELLED,
        CustomerState.STOPPED,
        CustomerState.LOST,
    }
)


class ParcelNotFound(NotFound):
    """No parcel of this number is yours to see."""

    slug = "parcel-not-found"


class AlreadyDispatched(Conflict):
    """The parcel has left the office of posting; it can be recalled, not cancelled."""

    slug = "already-dispatched"


class JourneyEnded(Conflict):
    """The parcel's journey has ended; nothing about it changes any more."""

    slug = "journey-ended"


class NoPriceKept(Conflict):
    """This parcel was registered before prices were kept: it has no receipt, and money is given back by hand."""

    slug = "no-price-kept"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel, from the counter's side."""

    item_number: str
    office: str
    service: Service
    destination_country: str
    collecting_office: str | None
    weight_g: int
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    sender: Person
    recipient: Person
    order_reference: str | None
    link_secret: str
    registered_by: str
    registered_at: datetime
    version: int = 1
    state: CustomerState = CustomerState.ACCEPTED
    cancelled_at: datetime | None = None
    holding_office: str | None = None
    trader: str | None = None
    """The shop that sends it."""
    postage: Postage | None = None
    """None for parcels of the time before prices were kept."""
    erased_at: datetime | None = None
    """When its people were forgotten."""
    fits_limits: bool = False
    """The counter said so of one that it did not measure; nobody was asked of older ones."""
    if_undeliverable: IfUndeliverable = IfUndeliverable.RETURN
    redirect_to: str | None = None
    """Who gets it then, and where; of a redirection alone."""

    @property
    def sides_mm(self) -> tuple[int, ...]:
        """Return the sides that were measured."""
        return tuple(side for side in (self.length_mm, self.width_mm, self.height_mm) if side)

    @property
    def item_number_grouped(self) -> str:
        """Return the number as people read it."""
        return grouped(self.item_number)

    def registered(self) -> ParcelRegisteredV1:
        """Return the event that tells of the registration."""
        cod = self.postage.cod if self.postage else None
        is_due = self.postage and self.postage.payer is Payer.RECIPIENT
        return ParcelRegisteredV1(
            item_number=self.item_number,
            office=self.office,
            service=self.service,
            destination_country=self.destination_country,
            collecting_office=self.collecting_office,
            weight_g=self.weight_g,
            registered_at=self.registered_at,
            link_secret_sha256=hashlib.sha256(self.link_secret.encode()).hexdigest(),
            version=self.version,
            door_delivery=self.postage is not None and Option.DOOR_DELIVERY in self.postage.options,
            if_undeliverable=self.if_undeliverable.value,
            cod_amount_minor=cod.amount_minor if cod else 0,
            cod_currency=cod.currency if cod else "KHR",
            postage_due_riel=self.postage.price.total_riel if self.postage and is_due else 0,
        )

    def contacts(self) -> ParcelContactsV1:
        """Return the event that tells notifications whom to reach."""
        return ParcelContactsV1(
            item_number=self.item_number,
            version=self.version,
            sender=self.sender.contact(),
            recipient=self.recipient.contact(),
            link_secret=self.link_secret,
        )

    def paid(self) -> Paid:
        """Return what was paid at the counter of posting, in riel.

        Raises: NoPriceKept.
        """
        if self.postage is None:
            raise NoPriceKept
        return Paid(self.item_number, self.office, self.postage.paid_riel, "KHR")

    def is_seen_by(self, actor: Actor) -> bool:
        """Tell whether somebody's office posted it, holds it or will hand it over, or whether it is of their shop."""
        if actor.trader is not None:
            return actor.trader == self.trader
        return any(actor.acts_for(office) for office in (self.office, self.collecting_office, self.holding_office))

    @property
    def is_over(self) -> bool:
        """Tell whether the journey has ended; one that goes on after its people were forgotten names nobody again."""
        return bool(self.cancelled_at or self.erased_at) or self.state in ENDED

    def must_be_under_way(self) -> None:
        """Check that the parcel is not over.

        Raises: JourneyEnded.
        """
        if self.is_over:
            raise JourneyEnded

    def must_be_undispatched(self) -> None:
        """Check that the parcel still stands where it was registered.

        Raises: AlreadyDispatched.
        """
        if self.state not in (CustomerState.ACCEPTED, CustomerState.ANNOUNCED):
            raise AlreadyDispatched
