"""A parcel in the words of customs."""

from dataclasses import replace

from services.parcel.addresses.domain.addresses import lines_abroad
from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.customs.domain.posted_item import Party, PostedItem, Sending
from services.parcel.posting.domain.parcel import Parcel
from services.parcel.posting.domain.person import Person


def posted_item_of(parcel: Parcel) -> PostedItem:
    """Return what customs must know of a parcel."""
    insured_value = parcel.postage.insured_value if parcel.postage else None
    return PostedItem(
        item_number=parcel.item_number,
        office=parcel.office,
        sending=Sending(parcel.service, parcel.destination_country, parcel.weight_g, insured_value is not None),
        sender=_party(parcel.sender, DOMESTIC),
        addressee=_party(parcel.recipient, parcel.destination_country),
        is_over=parcel.is_over,
        postage=parcel.postage.charged if parcel.postage else None,
        insured_value=insured_value,
    )


def _party(person: Person, country: str) -> Party:
    # The postal code is an element of its own.
    lines = lines_abroad(replace(person.address_in(country), postal_code=None))
    return Party(person.name, country, person.phone, tuple(lines), person.postal_code)
