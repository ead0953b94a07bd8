"""A counter asks that money which was paid for a parcel be given back."""

from datetime import datetime

from services.parcel.posting.domain.parcel import ParcelNotFound
from services.parcel.posting.store import parcels
from services.parcel.pricing.domain.void_request import Asked, VoidRequest
from services.parcel.pricing.use_cases.ask_for_refund import ask_for_refund
from shared.access.roles import Actor
from shared.db.connection import Tx


async def ask_for_money_back(tx: Tx, actor: Actor, item_number: str, asked: Asked, now: datetime) -> VoidRequest:
    """Write down what is asked for, up to what was paid at the counter of posting; somebody else decides.

    Raises: ParcelNotFound, NoPriceKept, RefundWaiting, AlreadyVoided, Invalid; the transaction must then be rolled
    back.
    """
    parcel = await parcels.find(tx, item_number)
    if parcel is None or not actor.acts_for(parcel.office):
        raise ParcelNotFound
    return await ask_for_refund(tx, actor, parcel.paid(), asked, now)
