"""What the HTTP side takes and gives about items that come in from abroad."""

import secrets
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.addresses.entrypoints.address_fields import AddressBody
from services.parcel.addresses.entrypoints.phone_field import e164_of
from services.parcel.customs.domain.inbound import (
    Addressee,
    Charges,
    Fee,
    InboundItem,
    PapersState,
    Payment,
    Source,
    WithdrawalReason,
    foreign_number,
)
from services.parcel.customs.domain.itmatt import AdvanceData
from services.parcel.customs.domain.paper import PaperKind
from services.parcel.customs.entrypoints.bodies import AmountMinor
from services.parcel.customs.entrypoints.content_read import READ, ContentReadBody
from services.parcel.forms import Body, OfficeCode, Phone, Text, View
from shared.contracts.states import CustomerState
from shared.errors import gathering

BY_HAND: JsonDict = {
    "item_number": "CP 123 456 785 KR",
    "collecting_office": "TK02A",
    "sender_name": "Kim Minji",
    "addressee": {"name": "ចាន់ ធីតា", "phone": "097 123 4567", "address": ["ភូមិតាអែម", "ត្រាំកក់"]},
    "content": READ,
}
AHEAD: JsonDict = {
    "collecting_office": "TK02A",
    "itmatt": {
        "item_number": "RR473124829GB",
        "category": "gift",
        "sender": {"name": "Jane Smith", "country": "GB", "address": ["1 High Street", "Leeds"]},
        "addressee": {"name": "Chan Thida", "country": "KH", "phone": "097 123 4567", "address": ["Tram Kak"]},
        "total_value_minor": 2000,
        "currency": "GBP",
        "total_weight_g": 900,
        "articles": [{"description": "Shortbread", "quantity": 2, "net_weight_g": 700, "value_minor": 2000}],
    },
}


class AddresseeBody(AddressBody):
    """Who gets the item, as the label says; the phone may not be known, the place is in Cambodia."""

    name: Text
    phone: Phone | None = None
    language: Literal["km", "en"] = "km"

    def addressee(self) -> Addressee:
        """Return the addressee, with the phone as E.164 and a place that there is.

        Raises: Invalid.
        """
        with gathering() as part:
            with part():
                phone = e164_of(self.phone, DOMESTIC, "addressee.phone") if self.phone else None
            with part():
                address = self.address_in(DOMESTIC, "addressee")
        return Addressee(self.name, phone, self.language, address.lines, address.postal_code, address.place_code)


class HandBody(Body):
    """An item from abroad that a counter takes in by hand."""

    model_config = ConfigDict(json_schema_extra={"examples": [BY_HAND]})

    item_number: Text
    office: OfficeCode | None = None
    """The office that takes it in; yours if left out."""
    collecting_office: OfficeCode | None = None
    """Where it waits for the addressee; the same office if left out."""
    sender_name: Text
    addressee: AddresseeBody
    content: ContentReadBody | None = None
    """What it holds, off its customs form; of an item that was told ahead, what its post told stays."""

    def item(self, office: str, actor: str, now: datetime) -> InboundItem:
        """Return the item, taken in by an actor of this office.

        Raises: InvalidItemNumber, Invalid.
        """
        with gathering() as part:
            with part():
                number = foreign_number(self.item_number)
            with part():
                addressee = self.addressee.addressee()
            with part():
                if self.content:
                    self.content.must_add_up()
        content = self.content.advance_data(number, self.sender_name, addressee) if self.content else None
        return InboundItem(
            item_number=number,
            sender_name=self.sender_name,
            addressee=addressee,
            source=Source.HAND,
            taking_office=office,
            collecting_office=self.collecting_office or office,
            link_secret=secrets.token_urlsafe(16),
            received_at=now,
            taken_by=actor,
            content=content,
            content_by_hand=content is not None,
        )


CORRECTED: JsonDict = {
    "addressee": {"name": "ចាន់ ធីតា", "phone": "097 123 4567", "address": ["ភូមិតាអែម", "ត្រាំកក់"]},
    "collecting_office": "TK02A",
}


class CorrectionBody(Body):
    """Whom an item is for after all."""

    model_config = ConfigDict(json_schema_extra={"examples": [CORRECTED]})

    addressee: AddresseeBody
    collecting_office: OfficeCode | None = None
    """Where it waits for them; where it does already if left out."""


class WithdrawalBody(Body):
    """Why an item is withdrawn that was taken in by hand."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "wrong_number"}]})

    reason: WithdrawalReason


class AdvanceDataBody(Body):
    """Advance data of one item, as another post sent it."""

    model_config = ConfigDict(json_schema_extra={"examples": [AHEAD]})

    office: OfficeCode | None = None
    """The office that takes it in; yours if left out."""
    collecting_office: OfficeCode | None = None
    """Where the item will wait, if that is known."""
    itmatt: AdvanceData


class FeeBody(Body):
    """One fee beside the duty."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
    amount_minor: AmountMinor


CHARGES: JsonDict = {
    "duty_minor": 12000,
    "fees": [{"code": "presentation", "amount_minor": 4000}],
    "currency": "KHR",
}


class ChargesBody(Body):
    """What the addressee pays before the item is handed over."""

    model_config = ConfigDict(json_schema_extra={"examples": [CHARGES]})

    duty_minor: AmountMinor
    fees: Annotated[tuple[FeeBody, ...], Field(max_length=10)] = ()
    currency: Literal["KHR", "USD"]

    def charges(self) -> Charges:
        """Return the charges."""
        return Charges(self.duty_minor, tuple(Fee(fee.code, fee.amount_minor) for fee in self.fees), self.currency)


class PapersAskedBody(Body):
    """Which papers customs wants."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"wanted": "The invoice of the shop."}]})

    office: OfficeCode | None = None
    """The office that holds the item; yours if left out."""
    wanted: Text


class AddresseeView(View):
    """Who gets the item."""

    name: str
    phone: str | None
    language: str
    address: list[str]
    postal_code: str | None
    place: str | None


class FeeView(View):
    """One fee."""

    code: str
    amount_minor: int


class UndoingBody(Body):
    """Why a payment is taken back."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "It was marked on the wrong item."}]})

    reason: Text


class PaperWithdrawalBody(Body):
    """Why a paper is withdrawn."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "It belongs to another item."}]})

    reason: Text


class ChargesView(View):
    """What the addressee pays."""

    duty_minor: int
    fees: list[FeeView]
    currency: str
    total_minor: int


class PaperView(View):
    """One photographed paper, without its bytes."""

    paper_id: UUID
    kind: PaperKind
    office: str
    taken_at: AwareDatetime


class WithdrawnPaperView(View):
    """A paper that stands no more: who attached it, who withdrew it, and why."""

    paper_id: UUID
    office: str
    taken_at: AwareDatetime
    withdrawn_by: str
    withdrawal_office: str
    withdrawn_at: AwareDatetime
    reason: str


class UndonePaymentView(View):
    """A payment that was taken back: by whom, when and why."""

    undone_by: str
    undone_at: AwareDatetime
    reason: str
    """Empty once the people of the item are forgotten."""


class InboundItemView(View):
    """An item from abroad as staff see it."""

    item_number: str
    item_number_grouped: str
    origin_country: str
    sender_name: str
    addressee: AddresseeView
    source: Source
    taking_office: str
    collecting_office: str | None
    content: AdvanceData | None
    content_by_hand: bool
    """A clerk read it off the customs form; false where its post told it."""
    charges: ChargesView | None
    payment: Payment | None
    holding_office: str | None
    papers: PapersState | None
    papers_wanted: str | None
    state: CustomerState | None
    """None until somebody scans it."""
    received_at: AwareDatetime
    version: int
    addressee_by_hand: bool
    """A clerk wrote whom it is for: what the post tells of that later stands in `content` alone."""
    withdrawn_for: WithdrawalReason | None
    """Why it was withdrawn; its number is free then."""


class CorrectionView(View):
    """One change of whom an item is for, and of where it waits; the people are forgotten with the item's."""

    version: int
    """Of the item, as the correction left it."""
    was: AddresseeView | None
    became: AddresseeView | None
    waited_at: str | None
    """The collecting office before."""
    waits_at: str | None
    corrected_by: str
    office: str | None
    """Of whoever did it."""
    corrected_at: AwareDatetime


class InboundItemWithPapers(View):
    """An item from abroad, the papers photographed for it, and who corrected whom it is for, the first one first."""

    item: InboundItemView
    papers: list[PaperView]
    corrections: list[CorrectionView]
    withdrawn_papers: list[WithdrawnPaperView]
    undone_payments: list[UndonePaymentView]


class ForwardedView(View):
    """Papers that were sent on, and to which office."""

    item_number: str
    holding_office: str
    papers: list[PaperView]
