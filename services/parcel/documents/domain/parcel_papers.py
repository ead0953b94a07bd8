"""The papers of a registered parcel, filled in from what is kept of it."""

from datetime import datetime

from services.parcel.addresses.domain.addresses import domestic_lines, lines_abroad
from services.parcel.addresses.domain.countries import DOMESTIC, english_name
from services.parcel.customs.domain import currencies
from services.parcel.customs.domain.customs_form import CustomsForm, form_for
from services.parcel.customs.domain.declaration import Declared
from services.parcel.customs.domain.posted_item import PeopleForgotten
from services.parcel.documents.domain.amounts import Amount, dollars, riel
from services.parcel.documents.domain.customs_paper import CustomsPaper
from services.parcel.documents.domain.imprint import Imprint
from services.parcel.documents.domain.label import Label
from services.parcel.documents.domain.parties import Party
from services.parcel.documents.domain.receipt import Receipt
from services.parcel.posting.domain.parcel import NoPriceKept, Parcel
from services.parcel.posting.domain.person import Person
from services.parcel.pricing.domain import money
from services.parcel.pricing.domain.payer import Payer
from shared.clock import LOCAL
from shared.s10 import ItemNumber


def label_of(parcel: Parcel, imprint: Imprint, void_at: datetime | None = None) -> Label:
    """Return the label of a parcel that is under way; void from the day on which its money was given back.

    Raises: PeopleForgotten, JourneyEnded.
    """
    _must_have_people(parcel)
    parcel.must_be_under_way()
    return Label(
        item_number=ItemNumber.parse(parcel.item_number),
        service=parcel.service,
        tracking_link=imprint.tracking_link(parcel.item_number),
        sender=_party(parcel.sender, DOMESTIC, parcel),
        recipient=_party(parcel.recipient, parcel.destination_country, parcel),
        weight_g=parcel.weight_g,
        posted_at=parcel.registered_at,
        office_of_posting=imprint.office(parcel.office),
        collecting_office=imprint.office(parcel.collecting_office) if parcel.collecting_office else None,
        postage_to_collect=_postage_to_collect(parcel),
        cash_on_delivery=_amount(parcel.postage.cod) if parcel.postage else None,
        insured_value=_amount(parcel.postage.insured_value) if parcel.postage else None,
        order_reference=parcel.order_reference,
        options=parcel.postage.options if parcel.postage else (),
        if_undeliverable=parcel.if_undeliverable,
        redirect_to=parcel.redirect_to,
        void_at=void_at,
    )


def receipt_of(parcel: Parcel, imprint: Imprint, print_no: int, void_at: datetime | None = None) -> Receipt:
    """Return the receipt of a parcel; one printed again says so, and one that is void.

    Raises: PeopleForgotten, NoPriceKept.
    """
    _must_have_people(parcel)
    if parcel.postage is None:
        raise NoPriceKept
    return Receipt(
        item_number=ItemNumber.parse(parcel.item_number),
        service=parcel.service,
        tracking_link=imprint.tracking_link(parcel.item_number),
        office=imprint.office(parcel.office),
        paid_at=parcel.registered_at,
        sender=parcel.sender.name,
        recipient=parcel.recipient.name,
        destination=_destination(parcel, imprint),
        weight_g=parcel.weight_g,
        price=parcel.postage.price,
        payer=parcel.postage.payer,
        ask_phone=imprint.ask_phone,
        cash_on_delivery=_amount(parcel.postage.cod),
        insured_value=_amount(parcel.postage.insured_value),
        if_undeliverable=None if parcel.destination_country == DOMESTIC else parcel.if_undeliverable,
        redirect_to=parcel.redirect_to,
        print_no=print_no,
        void_at=void_at,
    )


def customs_paper_of(
    parcel: Parcel, declared: Declared, imprint: Imprint, void_at: datetime | None = None
) -> CustomsPaper:
    """Return what the customs form of a parcel that is under way says; void as its label is.

    Raises: PeopleForgotten, JourneyEnded.
    """
    _must_have_people(parcel)
    parcel.must_be_under_way()
    return CustomsPaper(
        item_number=ItemNumber.parse(parcel.item_number),
        sender=_party(parcel.sender, DOMESTIC, parcel),
        recipient=_party(parcel.recipient, parcel.destination_country, parcel),
        declaration=declared.declaration,
        exponent=_currency_of(declared).exponent,
        gross_weight_g=parcel.weight_g,
        postal_charges=_amount(parcel.postage.charged) if parcel.postage else None,
        office_of_origin=imprint.office(parcel.office),
        posted_at=parcel.registered_at,
        insured_value=_amount(parcel.postage.insured_value) if parcel.postage else None,
        if_undeliverable=parcel.if_undeliverable,
        redirect_to=parcel.redirect_to,
        void_at=void_at,
    )


def customs_form_of(parcel: Parcel, declared: Declared) -> CustomsForm:
    """Return the form that the value of an item and its service ask for."""
    return form_for(parcel.service, declared.declaration.total_value_minor, _currency_of(declared))


def _must_have_people(parcel: Parcel) -> None:
    if not parcel.link_secret:
        raise PeopleForgotten


def _party(person: Person, country: str, parcel: Parcel) -> Party:
    """Return a person with the place as those read it who carry the parcel."""
    address = person.address_in(country)
    at_home = parcel.destination_country == DOMESTIC
    lines = domestic_lines(address, "km") if at_home else lines_abroad(address)
    return Party(person.name, person.phone, tuple(lines), country=country)


def _destination(parcel: Parcel, imprint: Imprint) -> str:
    if parcel.collecting_office is None:
        return english_name(parcel.destination_country)
    office = imprint.office(parcel.collecting_office)
    return f"{office.code} {office.name_km}"


def _postage_to_collect(parcel: Parcel) -> Amount | None:
    if parcel.postage is None or parcel.postage.payer is not Payer.RECIPIENT:
        return None
    return riel(parcel.postage.price.total_riel)


def _amount(amount: money.Amount | None) -> Amount | None:
    if amount is None:
        return None
    return riel(amount.amount_minor) if amount.currency == "KHR" else dollars(amount.amount_minor)


def _currency_of(declared: Declared) -> currencies.Currency:
    return currencies.accepted(declared.updated_at.astimezone(LOCAL).date())[declared.declaration.currency]
