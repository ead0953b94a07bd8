"""Rows of the first sheet of a workbook, one at a time; nothing in it is run, reckoned, fetched or kept unpacked.

What a workbook says of itself is looked at before it is opened: how much it unpacks to, and whether it has macros.
XML is read by `defusedxml`, which the library takes where it is installed: no entities, nothing from outside.
"""

import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula
from openpyxl.xml import DEFUSEDXML

from services.parcel.imports.domain.file_refused import (
    MOST_COLUMNS,
    MOST_SHARED_BYTES,
    MOST_UNPACKED_BYTES,
    FileRefused,
    Refusal,
)

MOST_PARTS = 1_000
_ENCRYPTED = 0x1
_NOT_A_WORKBOOK = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    NotImplementedError,
    EOFError,
    OSError,
    RecursionError,
)
"""What the library raises of files that only look like workbooks."""


def xlsx_rows(path: Path) -> Iterator[list[str]]:
    """Yield the rows of the first sheet; numbers, days and formulas as texts.

    Raises: FileRefused.
    """
    if not DEFUSEDXML:
        raise RuntimeError("workbooks are read without entities or not at all")
    try:
        _must_be_harmless(path)
        # By a handle: of a path the library believes the name.
        with path.open("rb") as file:
            workbook = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
            # What a sheet says of its own size may be wrong either way.
            sheet = workbook.worksheets[0]
            sheet.reset_dimensions()
            for row in sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True):
                yield [_text(value) for value in row]
    except _NOT_A_WORKBOOK as error:
        # The library wraps what the XML parser refuses into an error of its own.
        is_forbidden = isinstance(error, DefusedXmlException) or isinstance(error.__cause__, DefusedXmlException)
        raise FileRefused(Refusal.FORBIDDEN_XML if is_forbidden else Refusal.NOT_A_SPREADSHEET) from None


def _must_be_harmless(path: Path) -> None:
    with zipfile.ZipFile(path) as packed:
        parts = packed.infolist()
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise FileRefused(Refusal.OLD_OR_LOCKED)
    shared = sum(part.file_size for part in parts if part.filename.lower().endswith("sharedstrings.xml"))
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or shared > MOST_SHARED_BYTES or unpacked > MOST_UNPACKED_BYTES:
        raise FileRefused(Refusal.UNPACKS_TOO_LARGE)
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise FileRefused(Refusal.MACROS)


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, ArrayFormula | DataTableFormula):
        return "="
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)
