"""An item from abroad in the words of parcels."""

from services.parcel.customs.domain.inbound import InboundItem
from services.parcel.posting.domain.person import Person


def parties_of(item: InboundItem) -> tuple[Person, Person]:
    """Return sender and recipient; of the sender abroad no phone is known, and the name alone is told."""
    addressee = item.addressee
    recipient = Person(
        name=addressee.name,
        phone=addressee.phone or "",
        language=addressee.language,
        address=addressee.address,
        postal_code=addressee.postal_code,
        place=addressee.place,
    )
    return Person(item.sender_name, "", "en"), recipient
