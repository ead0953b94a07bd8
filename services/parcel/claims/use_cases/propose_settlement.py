"""Somebody proposes what becomes of a claim: compensation as the table has it, or a refusal."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.parcel.claims.domain.claim import Claim, Outcome, PaidByOrigin, State, Worth
from services.parcel.claims.domain.compensation import compensations_on, worth_of
from services.parcel.claims.domain.step import Step
from services.parcel.claims.store import claims, steps
from services.parcel.claims.use_cases.find_claimed_item import find_claimed_item
from services.parcel.claims.use_cases.hold_claim import hold_claim
from services.parcel.pricing.domain.exchange_rate import RateNotFound
from services.parcel.pricing.domain.money import Amount, Currency
from services.parcel.pricing.use_cases.find_rate import find_rate
from shared.access.roles import Actor
from shared.clock import LOCAL
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposes."""

    outcome: Outcome
    value: Amount | None
    """Of what is missing or damaged, as it was proven; None where nothing is, or of a refusal."""
    currency: Currency
    """In which it would be paid."""
    words: str


async def propose_settlement(tx: Tx, actor: Actor, claim_id: UUID, proposal: Proposal, now: datetime) -> Claim:
    """Reckon what a claim is worth today and write the proposal down; another person decides.

    Raises: ClaimNotFound, ClaimElsewhere, AnswerAwaited, PaidByOrigin, NotCompensated, RateNeeded,
    NoCompensationInForce.
    """
    claim = await hold_claim(tx, actor, claim_id)
    claim.must_be_proposable(now.astimezone(LOCAL).date())
    worth = await _worth(tx, actor, claim, proposal, now) if proposal.outcome == "compensation" else None
    proposed = replace(claim, state=State.PROPOSED, outcome=proposal.outcome, worth=worth, proposed_by=actor.id)
    await claims.change(tx, proposed)
    await steps.add(tx, Step(claim_id, State.PROPOSED, proposal.outcome, actor.id, now, words=proposal.words))
    return proposed


async def _worth(tx: Tx, actor: Actor, claim: Claim, proposal: Proposal, now: datetime) -> Worth:
    item = await find_claimed_item(tx, actor, claim.item_number)
    if item.claimed is None:
        raise PaidByOrigin
    today = now.astimezone(LOCAL).date()
    try:
        riel_per_usd = (await find_rate(tx, today)).riel_per_usd
    except RateNotFound:
        riel_per_usd = None
    # An earlier claim about the item may have given its postage back.
    left_riel = item.claimed.postage_riel - await claims.paid_postage_riel(tx, claim.item_number)
    claimed = replace(item.claimed, postage_riel=max(0, left_riel))
    value = proposal.value or Amount(0, "KHR")
    return worth_of(compensations_on(today), claimed, claim.ground, value, proposal.currency, riel_per_usd)
