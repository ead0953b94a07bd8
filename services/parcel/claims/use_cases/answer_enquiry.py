"""The holder of an item that somebody asks about says what it found."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.claims.domain.claim import Claim, State
from services.parcel.claims.domain.enquiry import Answered
from services.parcel.claims.domain.step import Step
from services.parcel.claims.domain.terms import editions
from services.parcel.claims.store import claims, steps
from services.parcel.claims.use_cases.hold_claim import hold_claim
from shared.access.roles import Actor
from shared.clock import LOCAL
from shared.contracts.parcel import ParcelClaimAnsweredV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def answer_enquiry(
    tx: Tx, outbox: Outbox, actor: Actor, claim_id: UUID, answered: Answered, words: str | None, now: datetime
) -> Claim:
    """Take an answer; whom the item went to by it, another office or post, is asked next, with a term of its own.

    Raises: ClaimNotFound, ClaimElsewhere.
    """
    claim = await hold_claim(tx, actor, claim_id, to_answer=True)
    claim.must_stand(State.ENQUIRED)
    changed = _after(claim, answered, now)
    await claims.change(tx, changed)
    step = Step(
        claim_id,
        changed.state,
        answered.answer.value,
        actor.id,
        now,
        claim.holder_office,
        answered.handed_to,
        answered.handed_to_code,
        words,
    )
    await steps.add(tx, step)
    following = answered.next_holder
    event = ParcelClaimAnsweredV1(
        claim_id=claim_id,
        item_number=claim.item_number,
        answer=answered.answer.value,
        holder_office=claim.holder_office,
        holder_country=claim.holder_country,
        next_office=following.office if following else None,
        next_country=following.country if following else None,
        answered_at=now,
    )
    await outbox.append(tx, [event])
    return changed


def _after(claim: Claim, answered: Answered, now: datetime) -> Claim:
    following = answered.next_holder
    if following is None:
        return replace(claim, state=answered.state)
    spans = editions().by_version[claim.terms_version].of(is_international=claim.is_international)
    asked = (claim.holder_office,) if claim.holder_office else ()
    return replace(
        claim,
        state=answered.state,
        holder_office=following.office,
        holder_country=following.country,
        asked_before=(*claim.asked_before, *asked),
        answer_by=spans.answer_by(now.astimezone(LOCAL).date()),
    )
