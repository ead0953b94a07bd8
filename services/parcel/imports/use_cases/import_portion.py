"""The rows of a file are announced, a portion at a time, each with the note that it is done."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from services.parcel.drafts.domain.draft import DraftSource
from services.parcel.drafts.domain.outcome import OrderKnownOtherwise, Outcome, Outcomes
from services.parcel.drafts.domain.sack import Sack
from services.parcel.drafts.use_cases.announce_drafts import Announcing, announce_drafts
from services.parcel.drafts.use_cases.keep_sack import keep_sack
from services.parcel.imports.domain.columns import Column
from services.parcel.imports.domain.draft_import import DraftImport, ImportState, RowProblem
from services.parcel.imports.store import imports, pieces
from services.parcel.imports.use_cases.check_portion import keep_problems, read_portion
from shared.contracts.directory import OfficeV1
from shared.db.connection import Tx
from shared.ids import new_id


async def import_portion(tx: Tx, offices: Mapping[str, OfficeV1], lifetime: timedelta, now: datetime) -> bool:
    """Announce the next portion of the file that waits longest; False if none waits. Skips what others hold.

    An order that is known stays as it is, so that a file sent twice announces nothing twice.
    """
    one = await imports.take_one(tx, ImportState.IMPORTING, now)
    if one is None:
        return False
    portion_no, sack_id = one.portions_done + 1, new_id()
    content = await pieces.read(tx, one.import_id, "rows", portion_no)
    rows, parcels, problems = read_portion(one, content, offices)
    announcing = Announcing(one.office, one.trader_id, DraftSource.FILE, one.made_by, now, now + lifetime, sack_id)
    made = dict(zip(parcels, await announce_drafts(tx, announcing, list(parcels.values())), strict=True))
    problems += _known_otherwise(made)
    announced = sum(outcome.outcome is Outcome.ANNOUNCED for outcome in made.values())
    if announced:
        label = f"{one.file_name} {portion_no}"
        await keep_sack(tx, Sack(sack_id, one.trader_id, one.office, label, one.made_by, now))
    await keep_problems(tx, one, problems)
    await pieces.drop(tx, one.import_id, "rows", portion_no)
    await imports.change(tx, _after(one, rows, announced, made, problems, sack_id), now)
    return True


def _known_otherwise(made: Mapping[int, Outcomes]) -> list[RowProblem]:
    error = OrderKnownOtherwise()
    field = Column.ORDER_REFERENCE.value
    return [
        RowProblem(row_no, field, error.slug, error.title)
        for row_no, outcome in made.items()
        if outcome.outcome is Outcome.REFUSED
    ]


def _after(
    one: DraftImport,
    rows: int,
    announced: int,
    made: Mapping[int, Outcomes],
    problems: list[RowProblem],
    sack_id: UUID,
) -> DraftImport:
    portion_no = one.portions_done + 1
    return replace(
        one,
        state=ImportState.DONE if portion_no >= one.portions else ImportState.IMPORTING,
        portions_done=portion_no,
        rows_done=one.rows_done + rows,
        announced=one.announced + announced,
        known=one.known + sum(outcome.outcome is Outcome.KNOWN for outcome in made.values()),
        refused=one.refused + len({problem.row_no for problem in problems}),
        sack_ids=[*one.sack_ids, *([sack_id] if announced else [])],
    )
