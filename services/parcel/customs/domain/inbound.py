"""An item that comes in from abroad: whom it is for, what customs asks for it, and which papers it waits for."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.customs.domain.itmatt import AdvanceData, ItmattParty
from shared.access.roles import Actor
from shared.contracts.envelope import Event
from shared.contracts.parcel import Contact, Language, ParcelChargesSetV1, ParcelContactsV1
from shared.contracts.states import CustomerState
from shared.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound
from shared.s10 import ItemNumber, grouped

ENDED = frozenset({CustomerState.DELIVERED, CustomerState.RETURNED, CustomerState.STOPPED, CustomerState.LOST})
"""States after which an item from abroad needs nobody here any more."""


class InboundItemNotFound(NotFound):
    """No item of this number that came in is yours to see."""

    slug = "inbound-item-not-found"


class AlreadyTakenIn(Conflict):
    """This item was taken in before, or is another office's to take in."""

    slug = "already-taken-in"

    def __init__(self) -> None:
        super().__init__("If it lies before you, scan it: then your office finds it, and takes it in if nobody did.")


class InboundItemOver(Conflict):
    """This item was handed over, came to its end, was withdrawn or forgotten; nothing of it changes any more."""

    slug = "inbound-item-over"

    def __init__(self) -> None:
        super().__init__("Nobody is told anything more of it: there is nothing left to correct.")


class ToldByPost(Conflict):
    """This item was told ahead by the post that sends it; only what was taken in by hand is withdrawn."""

    slug = "told-by-post"

    def __init__(self) -> None:
        super().__init__("Correct whom it is for and where it waits instead.")


class ChargesPaid(Conflict):
    """The charges of this item are paid; they change no more."""

    slug = "charges-paid"


class ChargesLowered(Forbidden):
    """Charges that are due are lowered by a supervisor alone."""

    slug = "charges-lowered"

    def __init__(self) -> None:
        super().__init__("Ask a supervisor to set lower charges, or take what is due.")


class NothingCharged(Conflict):
    """This item has no charges to pay."""

    slug = "nothing-charged"


class NoPapersTaken(Conflict):
    """No paper of this item was photographed yet; attach one first."""

    slug = "no-papers-taken"


class Source(StrEnum):
    """How the item became known."""

    ITMATT = "itmatt"
    HAND = "hand"


class WithdrawalReason(StrEnum):
    """Why an item that was taken in by hand is withdrawn; no free words, for they might name somebody."""

    WRONG_NUMBER = "wrong_number"
    TAKEN_IN_TWICE = "taken_in_twice"
    NOT_FROM_ABROAD = "not_from_abroad"
    OTHER = "other"


class Payment(StrEnum):
    """Whether charges are paid."""

    DUE = "due"
    PAID = "paid"


class PapersState(StrEnum):
    """How far the papers are that customs asked for."""

    ASKED_FOR = "asked_for"
    PHOTOGRAPHED = "photographed"
    FORWARDED = "forwarded"


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who gets the item; the phone is E.164 and may be unknown."""

    name: str
    phone: str | None = None
    language: Language = "km"
    address: tuple[str, ...] = ()
    postal_code: str | None = None
    place: str | None = None
    """Of the gazetteer."""

    def kept(self) -> dict[str, Any]:
        """Return the addressee as it is kept; parts that the release before does not know are there if filled."""
        kept = {"name": self.name, "phone": self.phone, "language": self.language, "address": self.address}
        added = {"postal_code": self.postal_code, "place": self.place}
        return kept | {name: part for name, part in added.items() if part is not None}

    def party(self) -> ItmattParty:
        """Return the addressee in the words of advance data."""
        return ItmattParty(
            name=self.name,
            country=DOMESTIC,
            address=list(self.address),
            postal_code=self.postal_code,
            phone=self.phone,
        )

    @classmethod
    def of_kept(cls, kept: dict[str, Any]) -> "Addressee":
        """Return the addressee that was kept."""
        return cls(**{**kept, "address": tuple(kept["address"])})


NOBODY = Addressee("")


@dataclass(frozen=True, slots=True)
class Fee:
    """One fee beside the duty."""

    code: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Charges:
    """What the addressee pays before the item is handed over."""

    duty_minor: int
    fees: tuple[Fee, ...]
    currency: Literal["KHR", "USD"]

    @property
    def total_minor(self) -> int:
        """Return duty and fees together."""
        return self.duty_minor + sum(fee.amount_minor for fee in self.fees)

    def covers(self, other: "Charges") -> bool:
        """Tell whether these charges are no lower than others."""
        return self.currency == other.currency and self.total_minor >= other.total_minor


@dataclass(frozen=True, slots=True)
class InboundItem:
    """One item from abroad, from the counter's side."""

    item_number: str
    sender_name: str
    addressee: Addressee
    source: Source
    taking_office: str
    collecting_office: str | None
    link_secret: str
    received_at: datetime
    taken_by: str
    content: AdvanceData | None = None
    charges: Charges | None = None
    payment: Payment | None = None
    holding_office: str | None = None
    papers: PapersState | None = None
    papers_wanted: str | None = None
    state: CustomerState | None = None
    """None until somebody scans it."""
    version: int = 1
    addressee_by_hand: bool = True
    """A clerk wrote whom it is for; False where the post of origin alone told it."""
    withdrawn_for: WithdrawalReason | None = None
    content_by_hand: bool = False
    """A clerk read the content off the customs form; what the post of origin tells takes its place."""
    told_office: str | None = None
    """The office that told what the post of origin says; None too where a release before took it."""
    told_collecting_office: str | None = None
    """Where it waits by what that office told; of an item taken in by hand a clerk's word counts before it."""

    @property
    def item_number_grouped(self) -> str:
        """Return the number as people read it."""
        return grouped(self.item_number)

    @property
    def origin_country(self) -> str:
        """Return the country of the post that gave the number."""
        return self.item_number[-2:]

    @property
    def offices(self) -> tuple[str | None, ...]:
        """Return the offices that took the item in, will hand it over and hold it."""
        return self.taking_office, self.collecting_office, self.holding_office

    def concerns(self, office: str) -> bool:
        """Tell whether an office took the item in, holds it or will hand it over."""
        return office in self.offices

    def is_seen_by(self, actor: Actor) -> bool:
        """Tell whether the item concerns somebody's office."""
        return any(actor.acts_for(office) for office in self.offices)

    def is_settled_by(self, actor: Actor) -> bool:
        """Tell whether charges may be paid to somebody's office: the one that is to hand the item over, or holds it."""
        return any(
            actor.acts_for(office) for office in (self.collecting_office or self.taking_office, self.holding_office)
        )

    def is_completed_by(self, actor: Actor) -> bool:
        """Tell whether a counter may still take it in: told ahead to no office in particular, and seen by its own.

        A counter that neither was told of it nor scanned it has only its number, which anybody may guess.
        """
        return self.source is Source.ITMATT and self.collecting_office is None and self.is_seen_by(actor)

    @property
    def is_over(self) -> bool:
        """Tell whether nobody here is needed for it any more."""
        return self.state in ENDED

    def addressed_to(self, addressee: Addressee, collecting_office: str | None) -> "InboundItem":
        """Return the item as a clerk corrects it; without an office it waits where it did."""
        content = self.content
        if content is not None and self.content_by_hand:
            content = content.model_copy(update={"addressee": addressee.party()})
        return replace(
            self,
            addressee=addressee,
            collecting_office=collecting_office or self.collecting_office,
            addressee_by_hand=True,
            content=content,
        )

    def told_anew(self, item: "InboundItem") -> "InboundItem":
        """Return the item as a later message of its post tells it; what a clerk wrote stays."""
        same = self.told_content == item.content
        told = replace(
            self,
            content=item.content,
            content_by_hand=False,
            told_office=self.told_office if same else item.told_office,
            told_collecting_office=item.told_collecting_office or self.told_collecting_office,
        )
        if self.is_over:
            return told
        if self.addressee_by_hand:
            return replace(told, collecting_office=self.collecting_office or item.collecting_office)
        return replace(
            told,
            addressee=item.addressee,
            sender_name=item.sender_name,
            collecting_office=item.collecting_office or self.collecting_office,
        )

    @property
    def told_content(self) -> AdvanceData | None:
        """Return the content as the post of origin told it, if it did."""
        return None if self.content_by_hand else self.content

    def charges_set(self) -> ParcelChargesSetV1:
        """Return the event that tells whether the item may be handed over.

        Raises: NothingCharged.
        """
        if self.payment is None or self.charges is None:
            raise NothingCharged
        charges: Literal["due", "paid"] = "due" if self.payment is Payment.DUE else "paid"
        return ParcelChargesSetV1(
            item_number=self.item_number,
            version=self.version,
            charges=charges,
            amount_minor=self.charges.total_minor,
            currency=self.charges.currency,
        )

    def nothing_due(self) -> ParcelChargesSetV1:
        """Return the event that takes back what was told to be due under its number."""
        return ParcelChargesSetV1(item_number=self.item_number, version=self.version, charges="paid")

    def charges_as_told(self, *, charged_before: bool) -> ParcelChargesSetV1 | None:
        """Return what was told last of charges under its number; None where nothing ever was.

        Of what was charged on an item that had the number before, and of one that was withdrawn, nothing is due.
        """
        if self.payment is None:
            return self.nothing_due() if charged_before else None
        return self.charges_set() if self.withdrawn_for is None else self.nothing_due()

    def contacts(self) -> ParcelContactsV1 | None:
        """Return whom to tell; None while no phone is known. The sender abroad is told nothing and has no phone."""
        return self._contacts(self.addressee.phone) if self.addressee.phone is not None else None

    def contacts_after(self, before: "InboundItem") -> ParcelContactsV1 | None:
        """Return whom to tell from now on: nobody, by an empty phone, where only the addressee before had one."""
        return self.contacts_as_told(had_phone=before.addressee.phone is not None)

    def contacts_as_told(self, *, had_phone: bool) -> ParcelContactsV1 | None:
        """Return whom to tell as it was told last, where an addressee before had a phone or none had."""
        return self.contacts() or (self._contacts("") if had_phone else None)

    def _contacts(self, phone: str) -> ParcelContactsV1:
        return ParcelContactsV1(
            item_number=self.item_number,
            version=self.version,
            sender=Contact(name=self.sender_name, phone="", language="en"),
            recipient=Contact(name=self.addressee.name, phone=phone, language=self.addressee.language),
            link_secret=self.link_secret,
            papers_wanted=self.papers_wanted if self.papers is PapersState.ASKED_FOR else None,
        )


@dataclass(frozen=True, slots=True)
class TakenIn:
    """An item taken in, and whom to tell of it if that is new and a phone is known."""

    item: InboundItem
    contacts: ParcelContactsV1 | None
    charges: ParcelChargesSetV1 | None = None
    """Told where something was due on the item that had its number before."""

    @property
    def events(self) -> list[Event]:
        """Return the events that tell it."""
        return [event for event in (self.contacts, self.charges) if event is not None]


def foreign_number(text: str) -> str:
    """Read the number of an item that another post sent.

    Raises: InvalidItemNumber, Invalid.
    """
    number = ItemNumber.parse(text)
    if number.country == DOMESTIC:
        message = "This number was given in Cambodia; take in only what came from abroad."
        raise Invalid([FieldProblem("item_number", "cambodian-number", message)])
    return str(number)
