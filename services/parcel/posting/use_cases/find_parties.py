"""A clerk types a phone and sees who it was, and whom they sent to, so that nothing is typed twice."""

from collections.abc import Sequence

from services.parcel.customs.use_cases.find_addressees import find_addressees
from services.parcel.people.use_cases.note_read import note_read
from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.received import parties_of
from services.parcel.posting.store import parties
from shared.access.roles import Actor, OtherOffice
from shared.db.connection import Tx

LOOKED_AT = 50
"""Newest parcels of a phone that are gone through, and newest items from abroad."""


async def find_parties(tx: Tx, actor: Actor, phone: str, limit: int) -> Sequence[tuple[Person, Person]]:
    """Return senders with recipients, newest first and each pair once, from what the actor's office has to do with.

    Raises: OtherOffice.
    """
    if actor.office is None and not actor.acts_for(None):
        raise OtherOffice
    parcels = await parties.of_phone(tx, phone, actor.office, LOOKED_AT)
    await note_read(tx, actor, "phone", [one.item_number for one in parcels])
    items = await find_addressees(tx, actor, phone, LOOKED_AT)
    found = [(one.registered_at, (one.sender, one.recipient)) for one in parcels]
    found += [(item.received_at, parties_of(item)) for item in items]
    pairs: dict[tuple[str, str], tuple[Person, Person]] = {}
    for _, (sender, recipient) in sorted(found, key=lambda one: one[0], reverse=True):
        # Who sends from abroad is known by name alone.
        pairs.setdefault((sender.phone or sender.name, recipient.phone), (sender, recipient))
    return list(pairs.values())[:limit]
