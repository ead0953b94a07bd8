"""Rows of a table in CSV, as spreadsheets and shops write it.

Source: RFC 4180; separators of other countries and UTF-16 are taken, for spreadsheets write them.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from services.parcel.imports.domain.file_refused import FileRefused, Refusal

_LOOKED_AT = 65_536
_SEPARATORS = (",", ";", "\t", "|")
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def csv_rows(path: Path) -> Iterator[list[str]]:
    """Yield the rows of a table.

    Raises: FileRefused, for what is no text, no UTF-8, or has a cell that never ends.
    """
    with path.open("rb") as file:
        begins = file.read(_LOOKED_AT)
    encoding = next((name for mark, name in _MARKS.items() if begins.startswith(mark)), "utf-8")
    if encoding != "utf-16" and b"\x00" in begins:
        raise FileRefused(Refusal.NOT_A_SPREADSHEET)
    try:
        with path.open(encoding=encoding, newline="") as text:
            separator = _separator_of(text.readline(_LOOKED_AT))
            text.seek(0)
            yield from csv.reader(text, delimiter=separator)
    except UnicodeError:
        raise FileRefused(Refusal.WRONG_ENCODING) from None
    except csv.Error as error:
        is_long = "field larger" in str(error)
        raise FileRefused(Refusal.CELL_TOO_LARGE if is_long else Refusal.NOT_A_SPREADSHEET) from None


def _separator_of(names: str) -> str:
    """Return the sign that parts the names of the columns; a comma where there is but one."""
    return max(_SEPARATORS, key=names.count)
