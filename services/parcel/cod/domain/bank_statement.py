"""A bank's statement as a table: one line for each payment that came in.

Columns by their names in the first row: reference, date, bill_number, amount, currency; others are passed over. Banks
write their own; whoever imports names the columns so first.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from services.parcel.pricing.domain.money import Currency
from shared.errors import FieldProblem, Invalid

COLUMNS = ("reference", "date", "bill_number", "amount", "currency")
MOST_LINES = 50_000
LONGEST_CELL = 200


@dataclass(frozen=True, slots=True)
class BankLine:
    """One payment that a bank took in; its reference is the bank's and comes once."""

    reference: str
    booked_on: date
    bill_number: str
    amount_minor: int
    currency: Currency


def read_statement(content: bytes) -> list[BankLine]:
    """Read a statement in CSV.

    Raises: Invalid, with the row of each line that cannot be read.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid([FieldProblem("statement", "not-utf8", "Save the statement as CSV in UTF-8.")]) from None
    rows = csv.DictReader(io.StringIO(text))
    if missing := [column for column in COLUMNS if column not in (rows.fieldnames or ())]:
        message = f"The first row must name these columns: {', '.join(missing)}."
        raise Invalid([FieldProblem("statement", "columns-missing", message)])
    lines, problems = [], []
    for number, row in enumerate(rows, start=2):
        if number > MOST_LINES:
            raise Invalid([FieldProblem("statement", "too-long", f"Import at most {MOST_LINES} lines at once.")])
        try:
            lines.append(_line(row))
        except (ValueError, InvalidOperation, AttributeError):
            message = "Reference, day (2026-11-30), number, amount and currency of this row cannot be read."
            problems.append(FieldProblem(f"statement.{number}", "unreadable-row", message))
    if problems:
        raise Invalid(problems[:100])
    return lines


def _line(row: dict[str, str]) -> BankLine:
    reference, currency = row["reference"].strip(), row["currency"].strip().upper()
    if not 0 < len(reference) <= LONGEST_CELL or currency not in {"KHR", "USD"}:
        raise ValueError(row)
    minor = Decimal(row["amount"].strip().replace(",", "")) * (100 if currency == "USD" else 1)
    if minor != int(minor) or not 0 < minor < 10**12:
        raise ValueError(row)
    return BankLine(
        reference,
        date.fromisoformat(row["date"].strip()),
        row["bill_number"].strip().upper()[:LONGEST_CELL],
        int(minor),
        "USD" if currency == "USD" else "KHR",
    )
