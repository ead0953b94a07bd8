"""A counter is about to pay back what somebody granted."""

from uuid import UUID

from services.parcel.pricing.domain.void_request import RefundNotFound, RefundNotGranted, VoidRequest
from services.parcel.pricing.store import void_requests
from shared.db.connection import Tx


async def find_granted_refund(tx: Tx, office: str, request_id: UUID) -> VoidRequest:
    """Return a request of an office that was granted, and keep it as it is until the transaction ends.

    Raises: RefundNotFound, RefundNotGranted.
    """
    request = await void_requests.lock(tx, request_id)
    if request is None or request.office != office:
        raise RefundNotFound
    if request.decision != "granted" or not request.amount_minor:
        raise RefundNotGranted
    return request
