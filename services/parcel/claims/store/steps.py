"""Table claim_step."""

from datetime import datetime
from uuid import UUID

from services.parcel.claims.domain.claim import State
from services.parcel.claims.domain.step import Step
from shared.db.connection import Tx


async def add(tx: Tx, step: Step) -> None:
    """Add a step behind the others of its claim, which is locked."""
    await tx.execute(
        """
        insert into claim_step (claim_id, step_no, state, reason, by, at, office, handed_to, handed_to_code, words)
        select $1, count(*) + 1, $2, $3, $4, $5, $6, $7, $8, $9 from claim_step where claim_id = $1
        """,
        step.claim_id,
        step.state.value,
        step.reason,
        step.by,
        step.at,
        step.office,
        step.handed_to,
        step.handed_to_code,
        step.words,
    )


async def of_claim(tx: Tx, claim_id: UUID) -> list[Step]:
    """Return the steps of a claim in their order."""
    records = await tx.fetch(
        """
        select claim_id, state, reason, by, at, office, handed_to, handed_to_code, words
        from claim_step where claim_id = $1 order by step_no
        """,
        claim_id,
    )
    return [Step(**{**dict(record), "state": State(record["state"])}) for record in records]


async def forget_words(tx: Tx, before: datetime, limit: int) -> int:
    """Forget words that were written before some time; returns how many."""
    status = await tx.execute(
        """
        update claim_step set words = null where (claim_id, step_no) in (
            select claim_id, step_no from claim_step where words is not null and at < $1
            order by at limit $2 for update skip locked
        )
        """,
        before,
        limit,
    )
    return int(str(status).rpartition(" ")[2])
