"""A counter asks that money for a parcel be given back; somebody else decides."""

from datetime import datetime

from services.parcel.pricing.domain.void_request import Asked, Paid, RefundWaiting, VoidRequest
from services.parcel.pricing.store import void_requests
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.ids import new_id


async def ask_for_refund(tx: Tx, actor: Actor, paid: Paid, asked: Asked, now: datetime) -> VoidRequest:
    """Write down what is asked for by the office where it was paid.

    Raises: OtherOffice, RefundWaiting, AlreadyVoided, Invalid; the transaction must then be rolled back.
    """
    actor.must_act_for(paid.office)
    request = VoidRequest(
        request_id=new_id(),
        item_number=paid.item_number,
        office=paid.office,
        kind=asked.kind,
        amount_minor=asked.amount_minor,
        currency=paid.currency,
        reason=asked.reason,
        asked_by=actor.id,
        asked_at=now,
    )
    if not await void_requests.add(tx, request):
        raise RefundWaiting
    # After the insert: it waited for a decision under way, which the sum must see.
    request.must_be_covered(paid, await void_requests.of_item(tx, paid.item_number))
    return request
