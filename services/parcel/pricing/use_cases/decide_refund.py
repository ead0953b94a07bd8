"""A supervisor, manager, district or administrator decides whether money is given back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.people.use_cases.note_read import note_read
from services.parcel.pricing.domain.void_request import Decision, RefundNotFound, VoidRequest
from services.parcel.pricing.store import void_requests
from shared.access.roles import Actor
from shared.contracts.directory import OfficeV1
from shared.db.connection import Tx


async def decide_refund(
    tx: Tx,
    actor: Actor,
    request_id: UUID,
    decision: Decision,
    note: str | None,
    offices: Mapping[str, OfficeV1],
    now: datetime,
) -> VoidRequest:
    """Grant or refuse a request, once; paying out is the cash book's work.

    Raises: RefundNotFound, DecisionNotYours, AskedByYourself, AlreadyDecided.
    """
    request = await void_requests.lock(tx, request_id)
    if request is None:
        raise RefundNotFound
    request.must_be_for(actor, offices)
    await note_read(tx, actor, "refund decision", [request.item_number])
    decided = replace(request, decided_by=actor.id, decided_at=now, decision=decision, note=note)
    await void_requests.decide(tx, decided)
    return decided
