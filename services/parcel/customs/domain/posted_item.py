"""What this room must know of an item that goes abroad; whoever took the item in tells it."""

from dataclasses import dataclass

from services.parcel.pricing.domain.money import Amount
from shared.contracts.parcel import Service
from shared.errors import Conflict


class PeopleForgotten(Conflict):
    """The people on this parcel were forgotten when their time was over; no paper of it can be printed any more."""

    slug = "people-forgotten"


@dataclass(frozen=True, slots=True)
class Sending:
    """How an item travels, which decides what its declaration must hold."""

    service: Service
    destination_country: str
    gross_weight_g: int
    insured: bool = False


@dataclass(frozen=True, slots=True)
class Party:
    """A sender or an addressee; the phone is E.164."""

    name: str
    country: str
    phone: str | None = None
    address: tuple[str, ...] = ()
    postal_code: str | None = None


@dataclass(frozen=True, slots=True)
class PostedItem:
    """An item that a counter took in."""

    item_number: str
    office: str
    sending: Sending
    sender: Party
    addressee: Party
    is_over: bool = False
    """It was cancelled, came to its end, or its people were forgotten."""
    postage: Amount | None = None
    """None for an item of the time before prices were kept."""
    insured_value: Amount | None = None
