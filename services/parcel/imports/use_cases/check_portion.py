"""The rows of a file are looked at, a portion at a time, before anything is announced."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from services.parcel.drafts.domain.announced import Announced
from services.parcel.imports.domain.draft_import import MOST_PROBLEMS, DraftImport, ImportState, RowProblem
from services.parcel.imports.domain.row import RowReader, offices_by_name
from services.parcel.imports.store import imports, pieces, row_problems
from shared.contracts.directory import OfficeV1
from shared.db.connection import Tx
from shared.errors import FieldProblem


async def check_portion(tx: Tx, offices: Mapping[str, OfficeV1], now: datetime) -> bool:
    """Look at the next portion of the file that waits longest; False if none waits. Skips what others hold."""
    one = await imports.take_one(tx, ImportState.CHECKING, now)
    if one is None:
        return False
    portion_no = one.portions_done + 1
    rows, _, problems = read_portion(one, await pieces.read(tx, one.import_id, "rows", portion_no), offices)
    await keep_problems(tx, one, problems)
    checked = replace(
        one,
        state=ImportState.READY if portion_no >= one.portions else ImportState.CHECKING,
        portions_done=portion_no,
        rows_done=one.rows_done + rows,
        refused=one.refused + len({problem.row_no for problem in problems}),
    )
    await imports.change(tx, checked, now)
    return True


def read_portion(
    one: DraftImport, content: bytes | None, offices: Mapping[str, OfficeV1]
) -> tuple[int, dict[int, Announced], list[RowProblem]]:
    """Return how many rows a portion has, the parcels of those in order by row, and what is wrong with the others."""
    rows = pieces.rows_of(content) if content else []
    reader = RowReader(one.mapping or {}, one.defaults, offices_by_name(offices))
    parcels: dict[int, Announced] = {}
    problems: list[RowProblem] = []
    for row_no, cells in rows:
        read = reader.read(cells)
        if isinstance(read, Announced):
            parcels[row_no] = read
        else:
            problems += [row_problem(row_no, problem) for problem in read]
    return len(rows), parcels, problems


def row_problem(row_no: int, problem: FieldProblem) -> RowProblem:
    """Return what is wrong with a row."""
    return RowProblem(row_no, problem.field, problem.code, problem.message)


async def keep_problems(tx: Tx, one: DraftImport, problems: Sequence[RowProblem]) -> None:
    """Keep what is wrong, as long as there is room for it."""
    if problems:
        room = MOST_PROBLEMS - await row_problems.count(tx, one.import_id)
        await row_problems.add(tx, one.import_id, problems[: max(0, room)])
