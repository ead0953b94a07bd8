"""A clerk looks for a parcel by a name as they hear or read it, by a phone, or by its last digits."""

from services.parcel.addresses.domain.khmer_search import query_terms
from services.parcel.addresses.domain.phone_search import phone_ending
from services.parcel.people.use_cases.note_read import note_read
from services.parcel.posting.domain.parcel import Parcel
from services.parcel.posting.store import parcels, search
from shared.access.roles import Actor, OtherOffice
from shared.db.connection import Tx


async def search_parcels(tx: Tx, actor: Actor, text: str, limit: int) -> list[Parcel]:
    """Return parcels of the actor's office or shop, those that fit exactly first.

    Raises: OtherOffice.
    """
    if actor.trader is None and actor.office is None and not actor.acts_for(None):
        raise OtherOffice
    wanted = query_terms(text)
    ending = phone_ending(text)
    numbers = await search.find(tx, wanted.exact, wanted.alike, ending, actor.office, actor.trader, limit)
    await note_read(tx, actor, "search", numbers)
    found = {parcel.item_number: parcel for parcel in await parcels.of_numbers(tx, numbers)}
    return [found[number] for number in numbers if number in found]
