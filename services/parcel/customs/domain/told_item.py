"""An item from abroad as the post that sends it tells it."""

from datetime import datetime

from services.parcel.addresses.domain.phones import NotAPhoneNumber, e164
from services.parcel.customs.domain.inbound import Addressee, InboundItem, Source, foreign_number
from services.parcel.customs.domain.itmatt import AdvanceData, ItmattParty


def told_item(
    data: AdvanceData, office: str, collecting_office: str | None, link_secret: str, taken_by: str, now: datetime
) -> InboundItem:
    """Return the item that advance data tell an office of.

    Raises: InvalidItemNumber, Invalid.
    """
    return InboundItem(
        item_number=foreign_number(data.item_number),
        sender_name=data.sender.name,
        addressee=_addressee(data.addressee),
        source=Source.ITMATT,
        taking_office=office,
        collecting_office=collecting_office,
        link_secret=link_secret,
        received_at=now,
        taken_by=taken_by,
        content=data,
        addressee_by_hand=False,
        told_office=office,
        told_collecting_office=collecting_office,
    )


def _addressee(party: ItmattParty) -> Addressee:
    return Addressee(name=party.name, phone=_phone(party), address=tuple(party.address))


def _phone(party: ItmattParty) -> str | None:
    """Return the phone, None if it is not written as one: a foreign form must not keep the item out."""
    try:
        return e164(party.phone, party.country) if party.phone else None
    except NotAPhoneNumber:
        return None
