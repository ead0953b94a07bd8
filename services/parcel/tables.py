"""Lists that are given as a whole, as tables in CSV, sent portion by portion.

Source: RFC 4180; OWASP, CSV injection: what a spreadsheet would take for a formula is made text.
"""

import csv
import io
from collections.abc import AsyncIterator, Sequence

from fastapi.responses import StreamingResponse

BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets read Khmer as another alphabet."""


class Table(StreamingResponse):
    """Rows in CSV."""

    media_type = "text/csv"


def line(cells: Sequence[str]) -> str:
    """Write one row."""
    written = io.StringIO()
    csv.writer(written).writerow([f"'{cell}" if cell.startswith(BEGINS_FORMULA) else cell for cell in cells])
    return written.getvalue()


def head(columns: Sequence[str]) -> str:
    """Write the names of columns, and before them what tells the encoding."""
    return BYTE_ORDER_MARK + line(columns)


async def table(rows: AsyncIterator[str], name: str) -> Table:
    """Answer with a table, one portion of rows after another.

    The first one is read before anything is answered, so that a refusal is one.
    """
    first = await anext(rows)
    return Table(_joined(first, rows), headers={"Content-Disposition": f'attachment; filename="{name}.csv"'})


async def _joined(first: str, rest: AsyncIterator[str]) -> AsyncIterator[str]:
    yield first
    async for rows in rest:
        yield rows
