"""What is done with files behind the requests: read in a thread, then checked and announced portion by portion."""

import asyncio
import tempfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import islice
from pathlib import Path

import structlog

from services.parcel.imports.domain.columns import names_of
from services.parcel.imports.domain.draft_import import PORTION_ROWS, DraftImport
from services.parcel.imports.domain.file_refused import FileRefused
from services.parcel.imports.reading.rows import rows_of
from services.parcel.imports.store import pieces
from services.parcel.imports.use_cases.check_portion import check_portion
from services.parcel.imports.use_cases.import_portion import import_portion
from services.parcel.imports.use_cases.read_import import (
    Row,
    end_reading,
    keep_portion,
    refuse_file,
    take_file,
)
from shared import clock
from shared.contracts.directory import OfficeV1
from shared.db.connection import Database

log = structlog.get_logger()


async def advance(database: Database, offices: Mapping[str, OfficeV1], lifetime: timedelta) -> bool:
    """Check a portion of a file, or announce one, or read a whole file; False if there was nothing to do.

    What is short and nearer to its end comes first.
    """
    async with database.transaction() as tx:
        if await check_portion(tx, offices, clock.now()):
            return True
    async with database.transaction() as tx:
        if await import_portion(tx, offices, lifetime, clock.now()):
            return True
    return await read_file(database)


async def read_file(database: Database) -> bool:
    """Read the file that waits longest, to its end or to its refusal; False if none waits."""
    async with database.transaction() as tx:
        one = await take_file(tx, clock.now())
    if one is None:
        return False
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        path = Path(folder) / "file"
        try:
            await _gather(database, one, path)
            await _read(database, one, path)
        except FileRefused as refused:
            async with database.transaction() as tx:
                await refuse_file(tx, one, refused.refusal, clock.now())
            log.info("file refused", draft_import=str(one.import_id), refusal=refused.refusal.value)
    return True


async def _gather(database: Database, one: DraftImport, path: Path) -> None:
    """Write the pieces of a file one behind the other; one at a time is in memory."""
    await asyncio.to_thread(path.touch)
    for piece_no in range(1, (one.pieces or 0) + 1):
        async with database.connection() as connection:
            content = await pieces.read(connection, one.import_id, "file", piece_no)
        await asyncio.to_thread(_append, path, content or b"")


async def _read(database: Database, one: DraftImport, path: Path) -> None:
    rows = _numbered(rows_of(path))
    header = await asyncio.to_thread(next, rows, None)
    portion_no = 0
    while portion := await asyncio.to_thread(_portion, rows):
        portion_no += 1
        async with database.transaction() as tx:
            if not await keep_portion(tx, one, portion_no, portion, clock.now()):
                return
    async with database.transaction() as tx:
        await end_reading(tx, one, names_of(header[1] if header else []), clock.now())
    log.info("file read", draft_import=str(one.import_id), portions=portion_no)


def _numbered(rows: Iterator[list[str]]) -> Iterator[Row]:
    """Yield the rows that hold something, with their numbers as a spreadsheet shows them."""
    return ((row_no, cells) for row_no, cells in enumerate(rows, 1) if cells)


def _portion(rows: Iterator[Row]) -> list[Row]:
    return list(islice(rows, PORTION_ROWS))


def _append(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)
