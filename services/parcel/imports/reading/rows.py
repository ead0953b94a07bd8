"""Rows of a file that somebody sent, whatever it claims to be: told apart by its first bytes, never by its name."""

from collections.abc import Iterator
from pathlib import Path

from services.parcel.imports.domain.file_refused import MOST_COLUMNS, MOST_LETTERS, MOST_ROWS, FileRefused, Refusal
from services.parcel.imports.reading.csv_rows import csv_rows
from services.parcel.imports.reading.xlsx_rows import xlsx_rows

_ZIP = b"PK\x03\x04"
_OLD = b"\xd0\xcf\x11\xe0"
"""A compound file: workbooks before 2007, and newer ones under a password."""
MOST_EMPTY = 1_000
"""Empty rows on end; what comes behind them is a stray."""


def rows_of(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a file, empty ones too, each without the empty cells at its end.

    Raises: FileRefused.
    """
    with path.open("rb") as file:
        begins = file.read(8)
    if begins.startswith(_OLD):
        raise FileRefused(Refusal.OLD_OR_LOCKED)
    found = xlsx_rows(path) if begins.startswith(_ZIP) else csv_rows(path)
    empty = 0
    for row_no, cells in enumerate(found):
        if row_no > MOST_ROWS:
            raise FileRefused(Refusal.TOO_MANY_ROWS)
        while cells and not cells[-1].strip():
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise FileRefused(Refusal.TOO_MANY_COLUMNS)
        empty = 0 if cells else empty + 1
        if empty > MOST_EMPTY:
            return
        yield [cell[:MOST_LETTERS] if len(cell) > MOST_LETTERS else cell for cell in cells]
