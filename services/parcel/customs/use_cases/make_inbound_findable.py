"""Items from abroad are found by the name and the phone of their addressee, a moment later."""

from services.parcel.addresses.domain.khmer_search import phone_terms, search_terms
from services.parcel.customs.store import inbound_search
from services.parcel.customs.store.inbound_search import Named
from shared.db.connection import Tx

PORTION = 25
"""As many as a clerk who registers meanwhile does not feel: their words are worked out in one go."""


async def make_inbound_findable(tx: Tx) -> int:
    """Work out the words of one portion of items; returns how many. Locks the items."""
    new = await inbound_search.lock_new(tx, PORTION)
    if new:
        await inbound_search.keep(tx, {one.item_number: _terms(one) for one in new})
    return len(new)


def _terms(one: Named) -> frozenset[str]:
    return search_terms(one.name) | (phone_terms(one.phone) if one.phone else frozenset())
