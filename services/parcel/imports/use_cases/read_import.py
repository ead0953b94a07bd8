"""A file that was sent is read into portions of rows, by one process at a time, which tells how far it has come."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from services.parcel.imports.domain.columns import guess
from services.parcel.imports.domain.draft_import import DraftImport, ImportState
from services.parcel.imports.domain.file_refused import Refusal
from services.parcel.imports.store import imports, pieces, row_problems
from shared.db.connection import Tx

LEASED_FOR = timedelta(seconds=60)
"""After a portion; whoever stood still for longer finds the file taken over."""

Row = tuple[int, list[str]]


async def take_file(tx: Tx, now: datetime) -> DraftImport | None:
    """Return a file that is to be read, leased; what another process had read of it is forgotten."""
    one = await imports.take_one(tx, ImportState.READING, now)
    if one is not None:
        await pieces.drop(tx, one.import_id, "rows")
        await imports.change(tx, replace(one, rows_read=0), now)
        await imports.lease(tx, one.import_id, now + LEASED_FOR)
    return one


async def keep_portion(tx: Tx, one: DraftImport, portion_no: int, rows: Sequence[Row], now: datetime) -> bool:
    """Keep the next rows of a file and go on; False if it was withdrawn or taken over meanwhile."""
    held = await imports.lock(tx, one.import_id)
    if held is None or held.state is not ImportState.READING or held.portions != portion_no - 1:
        return False
    await pieces.keep(tx, one.import_id, "rows", portion_no, pieces.portion(list(rows)))
    await imports.change(tx, replace(held, rows_read=held.rows_read + len(rows)), now)
    await imports.lease(tx, one.import_id, now + LEASED_FOR)
    return True


async def end_reading(tx: Tx, one: DraftImport, header: Sequence[str], now: datetime) -> None:
    """Let a file that was read to its end be checked, by the columns that its names tell."""
    held = await imports.lock(tx, one.import_id)
    if held is None or held.state is not ImportState.READING:
        return
    if not held.rows_read:
        await refuse_file(tx, one, Refusal.EMPTY, now)
        return
    await pieces.drop(tx, one.import_id, "file")
    await imports.change(tx, replace(held, state=ImportState.CHECKING, header=header, mapping=guess(header)), now)


async def refuse_file(tx: Tx, one: DraftImport, refusal: Refusal, now: datetime) -> None:
    """End an import whose file cannot be read, and forget the file."""
    held = await imports.lock(tx, one.import_id)
    if held is None or held.state is not ImportState.READING:
        return
    await pieces.drop(tx, one.import_id, "file")
    await pieces.drop(tx, one.import_id, "rows")
    await row_problems.drop(tx, one.import_id)
    await imports.change(tx, replace(held, state=ImportState.REFUSED, refusal=refusal), now)
