"""Parcels that came in are found by the names and phones on them, a moment later."""

from services.parcel.addresses.domain.khmer_search import phone_terms, search_terms
from services.parcel.posting.store import search
from services.parcel.posting.store.search import Named
from shared.db.connection import Tx

PORTION = 25
"""As many as a clerk who registers meanwhile does not feel: their words are worked out in one go."""


async def make_findable(tx: Tx) -> int:
    """Work out the words of one portion of parcels; returns how many. Locks the parcels."""
    new = await search.lock_new(tx, PORTION)
    if new:
        await search.keep(tx, [one.item_number for one in new], [_terms(one) for one in new])
    return len(new)


def _terms(one: Named) -> frozenset[str]:
    names = (search_terms(name) for name in one.names)
    phones = (phone_terms(phone) for phone in one.phones)
    return frozenset().union(*names, *phones)
