"""Staff see what was asked for and decided about the money of one parcel; its reasons may name people."""

from services.parcel.people.use_cases.note_read import note_read
from services.parcel.posting.domain.parcel import ParcelNotFound
from services.parcel.posting.store import parcels
from services.parcel.pricing.domain.void_request import VoidRequest
from services.parcel.pricing.use_cases.find_refunds import find_refunds
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_money_back(tx: Tx, actor: Actor, item_number: str) -> list[VoidRequest]:
    """Return every request of a parcel that the actor may see, the first first.

    Raises: ParcelNotFound.
    """
    parcel = await parcels.find(tx, item_number)
    if parcel is None or not parcel.is_seen_by(actor):
        raise ParcelNotFound
    found = await find_refunds(tx, item_number)
    await note_read(tx, actor, "refunds", [one.item_number for one in found[:1]])
    return found
