"""A claim ends without a decision: withdrawn, its item found, or asked twice."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.claims.domain.claim import Claim, Closing, State
from services.parcel.claims.domain.step import Step
from services.parcel.claims.store import claims, steps
from services.parcel.claims.use_cases.hold_claim import hold_claim
from shared.access.roles import Actor
from shared.contracts.parcel import ParcelClaimClosedV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def close_claim(
    tx: Tx, outbox: Outbox, actor: Actor, claim_id: UUID, reason: Closing, words: str | None, now: datetime
) -> Claim:
    """End a claim of which nothing is proposed.

    Raises: ClaimNotFound, ClaimElsewhere.
    """
    claim = await hold_claim(tx, actor, claim_id)
    claim.must_stand(State.ENQUIRED, State.ANSWERED, State.FOUND)
    closed = replace(claim, state=State.CLOSED, closed_at=now)
    await claims.change(tx, closed)
    await steps.add(tx, Step(claim_id, State.CLOSED, reason, actor.id, now, words=words))
    event = ParcelClaimClosedV1(claim_id=claim_id, item_number=claim.item_number, closed_for=reason, closed_at=now)
    await outbox.append(tx, [event])
    return closed
