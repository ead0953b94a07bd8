"""An item that was paid for is found: its claimant gives the money back and takes it, or leaves it to the post."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.entry import Kind
from services.parcel.claims.domain.claim import Claim, Later, State
from services.parcel.claims.domain.step import Step
from services.parcel.claims.store import claims, steps
from services.parcel.claims.use_cases.hold_claim import hold_claim
from services.parcel.claims.use_cases.move_money import Way, move_money
from shared.access.roles import Actor
from shared.contracts.parcel import ParcelClaimClosedV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def settle_found_item(
    tx: Tx, outbox: Outbox, actor: Actor, claim_id: UUID, later: Later, way: Way | None, now: datetime
) -> Claim:
    """Note what becomes of a found item, once; what is given back is booked.

    Raises: ClaimNotFound, ClaimElsewhere, BankIsAdministrators, DrawerNotFound, DrawerClosed.
    """
    claim = await hold_claim(tx, actor, claim_id)
    claim.must_stand(State.PAID)
    if way and claim.worth:
        await move_money(tx, actor, claim, claim.worth, way, Kind.CLAIM_RECOVERED, now)
    settled = replace(claim, state=State(later))
    await claims.change(tx, settled)
    await steps.add(tx, Step(claim_id, settled.state, later, actor.id, now))
    event = ParcelClaimClosedV1(claim_id=claim_id, item_number=claim.item_number, closed_for=later, closed_at=now)
    await outbox.append(tx, [event])
    return settled
