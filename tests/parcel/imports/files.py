"""Files as shops send them, and as nobody should."""

import io
import zipfile
from collections.abc import Sequence

import openpyxl

HEADER = ("ឈ្មោះ", "លេខទូរស័ព្ទ", "ការិយាល័យ", "COD", "Order")
ROW = ("ចាន់ ធីតា", "097 123 4567", "TK03A", "52,000៛", "W-1")


def csv_file(*rows: Sequence[str], header: Sequence[str] = HEADER, encoding: str = "utf-8-sig") -> bytes:
    """Return rows as a spreadsheet saves them."""
    lines = [",".join(f'"{cell}"' for cell in cells) for cells in (header, *rows)]
    return "\r\n".join(lines).encode(encoding)


def xlsx_file(*rows: Sequence[object], header: Sequence[str] = HEADER) -> bytes:
    """Return rows as a workbook."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for cells in (header, *rows):
        sheet.append(list(cells))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def with_part(workbook: bytes, name: str, content: bytes) -> bytes:
    """Return a workbook in which one part has other content, packed as tightly as it goes."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, content)
    return written.getvalue()
