"""A clerk types a phone and sees who it was, and whom they sent to, so that nothing is typed twice."""

from collections.abc import Sequence

from services.parcel.people.use_cases.note_read import note_read
from services.parcel.posting.domain.person import Person
from services.parcel.posting.store import parties
from shared.access.roles import Actor, OtherOffice
from shared.db.connection import Tx

LOOKED_AT = 50
"""Newest parcels of a phone that are gone through."""


async def find_parties(tx: Tx, actor: Actor, phone: str, limit: int) -> Sequence[tuple[Person, Person]]:
    """Return senders with recipients, newest first and each pair once, from the parcels of the actor's office.

    Raises: OtherOffice.
    """
    if actor.office is None and not actor.acts_for(None):
        raise OtherOffice
    found = await parties.of_phone(tx, phone, actor.office, LOOKED_AT)
    if found:
        await note_read(tx, actor, "phone", [one.item_number for one in found])
    pairs: dict[tuple[str, str], tuple[Person, Person]] = {}
    for one in found:
        pairs.setdefault((one.sender.phone, one.recipient.phone), (one.sender, one.recipient))
    return list(pairs.values())[:limit]
