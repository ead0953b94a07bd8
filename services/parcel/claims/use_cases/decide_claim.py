"""A second person decides what was proposed about a claim."""

from datetime import datetime
from uuid import UUID

from services.parcel.claims.domain.claim import Claim, Decision
from services.parcel.claims.domain.step import Step
from services.parcel.claims.store import claims, steps
from services.parcel.claims.use_cases.hold_claim import hold_claim
from shared.access.roles import Actor
from shared.contracts.parcel import ParcelClaimDecidedV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def decide_claim(
    tx: Tx, outbox: Outbox, actor: Actor, claim_id: UUID, decision: Decision, words: str | None, now: datetime
) -> Claim:
    """Approve or reject what somebody else proposed; what was rejected may be proposed anew.

    Raises: ClaimNotFound, ClaimElsewhere, ProposedByOneself.
    """
    claim = await hold_claim(tx, actor, claim_id)
    decided = claim.decided(actor, decision, now)
    await claims.change(tx, decided)
    await steps.add(tx, Step(claim_id, decided.state, decision, actor.id, now, words=words))
    if decision == "approved" and decided.outcome:
        event = ParcelClaimDecidedV1(
            claim_id=claim_id,
            item_number=claim.item_number,
            outcome=decided.outcome,
            amount_minor=decided.worth.amount_minor if decided.worth else 0,
            currency=decided.worth.currency if decided.worth else "KHR",
            decided_at=now,
        )
        await outbox.append(tx, [event])
    return decided
