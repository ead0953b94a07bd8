"""Somebody does something with a claim: it must be theirs to see, and changes for nobody else meanwhile."""

from uuid import UUID

from services.parcel.claims.domain.claim import Claim, ClaimNotFound
from services.parcel.claims.store import claims
from shared.access.roles import Actor
from shared.db.connection import Tx


async def hold_claim(tx: Tx, actor: Actor, claim_id: UUID, *, to_answer: bool = False) -> Claim:
    """Return a claim that the actor follows, or is asked about; locks it.

    Raises: ClaimNotFound.
    """
    claim = await claims.lock(tx, claim_id)
    if claim is None or not (claim.is_answered_by(actor) if to_answer else claim.is_followed_by(actor)):
        raise ClaimNotFound
    return claim
