"""A shop looks at the first rows of its file, and at what is wrong with any."""

from uuid import UUID

from services.parcel.imports.domain.draft_import import DraftImport, RowProblem
from services.parcel.imports.store import pieces, row_problems
from services.parcel.imports.use_cases.find_import import find_import
from shared.access.roles import Actor
from shared.db.connection import Tx

SHOWN_ROWS = 5


async def preview_import(tx: Tx, actor: Actor, import_id: UUID) -> tuple[DraftImport, list[list[str]]]:
    """Return an import and the first of its rows, as long as they are kept.

    Raises: ImportNotFound.
    """
    one = await find_import(tx, actor, import_id)
    content = await pieces.read(tx, import_id, "rows", 1)
    return one, [cells for _, cells in pieces.rows_of(content)[:SHOWN_ROWS]] if content else []


async def find_row_problems(
    tx: Tx, actor: Actor, import_id: UUID, after: tuple[int, str, str] | None, limit: int
) -> list[RowProblem]:
    """Return what is wrong with rows of an import; those after a row, field and code.

    Raises: ImportNotFound.
    """
    await find_import(tx, actor, import_id)
    return await row_problems.after(tx, import_id, after, limit)
