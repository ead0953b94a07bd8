"""A bank's statement is read as it is, or refused row by row."""

from datetime import date

import pytest

from services.parcel.cod.domain.bank_statement import BankLine, read_statement
from shared.errors import Invalid

HEAD = "reference,date,bill_number,amount,currency,other\r\n"


def refused(content: bytes) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refusal:
        read_statement(content)
    return [(one.field, one.code) for one in refusal.value.problems]


def test_lines_are_read_with_and_without_what_spreadsheets_add() -> None:
    text = HEAD + 'A1,2026-11-30, pd123456785kh ,"52,000",khr,x\r\nA2,2026-11-30,PD,12.05,USD,\r\n'

    lines = [
        BankLine("A1", date(2026, 11, 30), "PD123456785KH", 52_000, "KHR"),
        BankLine("A2", date(2026, 11, 30), "PD", 1_205, "USD"),
    ]
    assert read_statement(text.encode()) == read_statement(("\ufeff" + text).encode()) == lines


@pytest.mark.parametrize(
    "row",
    ["A1,30/11/2026,PD,1,KHR", "A1,2026-11-30,PD,0,KHR", "A1,2026-11-30,PD,1.5,KHR", ",2026-11-30,PD,1,KHR",
     "A1,2026-11-30,PD,1,EUR", "A1,2026-11-30,PD,=1+1,KHR", "A1,2026-11-30,PD,NaN,KHR", "A1,2026-11-30", "A1"],
)  # fmt: skip
def test_a_row_that_cannot_be_read_is_named(row: str) -> None:
    assert refused(f"{HEAD}{row}\r\n".encode()) == [("statement.2", "unreadable-row")]


def test_what_is_no_statement_is_refused() -> None:
    assert refused(b"a,b\r\n") == [("statement", "columns-missing")]
    assert refused(b"") == [("statement", "columns-missing")]
    assert refused("\u1780".encode("utf-16")) == [("statement", "not-utf8")]
