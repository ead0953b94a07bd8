"""A claimant gets what was granted: cash out of a drawer, or by bank."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.entry import Kind
from services.parcel.claims.domain.claim import Claim, ClaimElsewhere, State
from services.parcel.claims.domain.step import Step
from services.parcel.claims.store import claims, steps
from services.parcel.claims.use_cases.hold_claim import hold_claim
from services.parcel.claims.use_cases.move_money import Way, move_money
from shared.access.roles import Actor
from shared.contracts.parcel import ParcelClaimPaidV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def pay_claim(tx: Tx, outbox: Outbox, actor: Actor, claim_id: UUID, way: Way, now: datetime) -> Claim:
    """Pay a granted claim, once; paid in the same way before, it stays so.

    Raises: ClaimNotFound, ClaimElsewhere, BankIsAdministrators, DrawerNotFound, DrawerClosed, NotEnoughCash.
    """
    claim = await hold_claim(tx, actor, claim_id)
    if claim.state is State.PAID and claim.method == way.method:
        return claim
    claim.must_stand(State.GRANTED)
    worth = claim.worth
    if worth is None or not worth.amount_minor:
        raise ClaimElsewhere("Nothing is to be paid.")
    entry = await move_money(tx, actor, claim, worth, way, Kind.CLAIM_PAID, now)
    paid = replace(claim, state=State.PAID, method=way.method, entry_id=entry.entry_id, paid_at=now, closed_at=now)
    await claims.change(tx, paid)
    await steps.add(tx, Step(claim_id, State.PAID, way.method, actor.id, now))
    event = ParcelClaimPaidV1(
        claim_id=claim_id,
        item_number=claim.item_number,
        amount_minor=worth.amount_minor,
        currency=worth.currency,
        method=way.method,
        paid_at=now,
    )
    await outbox.append(tx, [event])
    return paid
