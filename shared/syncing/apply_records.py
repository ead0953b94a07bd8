"""Records that follow each other are applied together, and each on its own where one of them breaks the others."""

from collections.abc import Sequence
from itertools import groupby

import structlog

from shared.db.connection import Tx
from shared.errors import Invalid, PostError
from shared.messaging.consume import describe, is_transient
from shared.syncing.kinds import Apply, Kinds, Outcome, Ready
from shared.syncing.record import Problem

log = structlog.get_logger()

DEFECT = Problem("defect", "This is a fault of ours; the record is kept, tell an operator.")


async def apply_records(tx: Tx, ready: Sequence[Ready], kinds: Kinds) -> list[Outcome]:
    """Apply records in their order, under savepoints; returns what became of each. Faults of the moment are raised."""
    outcomes: list[Outcome] = []
    for apply, run in groupby(ready, key=lambda one: kinds[one.record.kind].apply):
        outcomes += await _together(tx, apply, list(run))
    return outcomes


async def _together(tx: Tx, apply: Apply, run: Sequence[Ready]) -> Sequence[Outcome]:
    if len(run) > 1:
        try:
            async with tx.transaction():
                return await apply(tx, run)
        except Exception as error:  # whatever one record does, the rest pass
            if is_transient(error):
                raise
            log.warning("records taken apart", error=describe(error), records=len(run))
    return [await _alone(tx, apply, one) for one in run]


async def _alone(tx: Tx, apply: Apply, one: Ready) -> Outcome:
    try:
        async with tx.transaction():
            (outcome,) = await apply(tx, [one])
            return outcome
    except Exception as error:  # whatever one record does, the rest pass
        if is_transient(error):
            raise
        if isinstance(error, PostError):
            return problem_of(error)
        log.warning(
            "record set aside by a defect",
            error=describe(error),
            device_id=str(one.device.device_id),
            record_id=str(one.record.record_id),
            kind=one.record.kind,
        )
        return DEFECT


def problem_of(error: PostError) -> Problem:
    """Write a refusal as the reason why a record is set aside."""
    return Problem(error.slug, error.detail or error.title, error.problems if isinstance(error, Invalid) else ())
