"""Somebody asks about an item: its last holder is to answer."""

from datetime import datetime

from services.parcel.claims.domain.claim import Claim, Claimant, ClaimOpen, ClaimTooLate, Ground, State
from services.parcel.claims.domain.step import Step
from services.parcel.claims.domain.terms import terms_on
from services.parcel.claims.store import claims, steps
from services.parcel.claims.use_cases.find_claimed_item import find_claimed_item
from shared.access.roles import Actor
from shared.clock import LOCAL
from shared.contracts.parcel import ParcelClaimOpenedV1
from shared.db.connection import Tx
from shared.ids import new_id
from shared.messaging.outbox import Outbox


async def open_claim(
    tx: Tx,
    outbox: Outbox,
    actor: Actor,
    item_number: str,
    ground: Ground,
    claimant: Claimant,
    words: str | None,
    now: datetime,
) -> Claim:
    """Write down who asks and why, and ask whoever had the item last.

    Raises: ParcelNotFound, ClaimTooLate, ClaimOpen, NoTermsInForce; the transaction must then be
    rolled back.
    """
    item = await find_claimed_item(tx, actor, item_number)
    today = now.astimezone(LOCAL).date()
    terms = terms_on(today)
    spans = terms.of(is_international=item.is_international)
    if today > spans.last_day_to_ask(item.posted_on):
        raise ClaimTooLate(f"It was possible until {spans.last_day_to_ask(item.posted_on)}.")
    claim = Claim(
        claim_id=new_id(),
        item_number=item_number,
        ground=ground,
        claimant="shop" if actor.trader is not None else claimant,
        office=item.followed_by(actor),
        trader=item.trader,
        is_international=item.is_international,
        opened_by=actor.id,
        opened_at=now,
        terms_version=terms.version,
        answer_by=spans.answer_by(today),
        settle_by=spans.settle_by(today),
        holder_office=item.holder.office,
        holder_country=item.holder.country,
    )
    if not await claims.add(tx, claim):
        raise ClaimOpen
    await steps.add(
        tx, Step(claim.claim_id, State.ENQUIRED, ground.value, actor.id, now, claim.holder_office, words=words)
    )
    await outbox.append(tx, [_opened(claim)])
    return claim


def _opened(claim: Claim) -> ParcelClaimOpenedV1:
    return ParcelClaimOpenedV1(
        claim_id=claim.claim_id,
        item_number=claim.item_number,
        ground=claim.ground.value,
        claimant=claim.claimant,
        office=claim.office,
        holder_office=claim.holder_office,
        holder_country=claim.holder_country,
        answer_by=claim.answer_by,
        opened_at=claim.opened_at,
    )
