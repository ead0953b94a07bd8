"""Offices, shops and auditors look at claims: a list, those of one item, or one with all its steps."""

from uuid import UUID

from services.parcel.claims.domain.claim import Claim, ClaimNotFound
from services.parcel.claims.domain.step import Step
from services.parcel.claims.store import claims, steps
from services.parcel.claims.store.claims import Filter
from services.parcel.claims.use_cases.find_claimed_item import find_claimed_item
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import EVERYWHERE, Actor
from shared.db.connection import Tx


async def find_claims(tx: Tx, actor: Actor, wanted: Filter, limit: int) -> list[Claim]:
    """Return claims that the actor may see, the oldest first: a shop's own, an office's, or all.

    Raises: OtherOffice.
    """
    if actor.trader is None:
        if wanted.office:
            actor.must_act_for(wanted.office)
        elif actor.office is None and actor.role not in EVERYWHERE:
            return []
    return await claims.some(tx, wanted, limit)


async def find_claims_of_item(tx: Tx, actor: Actor, item_number: str) -> list[Claim]:
    """Return the claims about an item that the actor may see, the first first.

    Raises: ParcelNotFound.
    """
    await find_claimed_item(tx, actor, item_number)
    return await claims.of_item(tx, item_number)


async def find_claim(tx: Tx, actor: Actor, claim_id: UUID) -> tuple[Claim, list[Step]]:
    """Return a claim with its steps, whose words may name people; that they were read is noted.

    Raises: ClaimNotFound.
    """
    claim = await claims.find(tx, claim_id)
    if claim is None or not claim.is_seen_by(actor):
        raise ClaimNotFound
    await note_read(tx, actor, "claim", [claim.item_number])
    return claim, await steps.of_claim(tx, claim_id)
