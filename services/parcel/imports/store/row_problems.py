"""Table import_problem."""

from collections.abc import Sequence
from uuid import UUID

from services.parcel.imports.domain.draft_import import RowProblem
from shared.db.connection import Tx


async def add(tx: Tx, import_id: UUID, problems: Sequence[RowProblem]) -> None:
    """Insert problems; the same one again changes nothing."""
    await tx.execute(
        """
        insert into import_problem (import_id, row_no, field, code, message)
        select $1, found.* from unnest($2::integer[], $3::text[], $4::text[], $5::text[])
            as found (row_no, field, code, message)
        on conflict do nothing
        """,
        import_id,
        [one.row_no for one in problems],
        [one.field for one in problems],
        [one.code for one in problems],
        [one.message for one in problems],
    )


async def count(tx: Tx, import_id: UUID) -> int:
    """Count the problems that are kept of an import."""
    kept: int = await tx.fetchval("select count(*) from import_problem where import_id = $1", import_id)
    return kept


async def after(tx: Tx, import_id: UUID, place: tuple[int, str, str] | None, limit: int) -> list[RowProblem]:
    """Return problems by row, field and code; those after a place."""
    records = await tx.fetch(
        """
        select row_no, field, code, message from import_problem
        where import_id = $1 and ($2::integer is null or (row_no, field, code) > ($2, $3::text, $4::text))
        order by row_no, field, code limit $5
        """,
        import_id,
        *(place or (None, None, None)),
        limit,
    )
    return [RowProblem(**dict(record)) for record in records]


async def drop(tx: Tx, import_id: UUID) -> None:
    """Forget the problems of an import, which is looked at again."""
    await tx.execute("delete from import_problem where import_id = $1", import_id)
