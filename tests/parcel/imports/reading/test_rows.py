"""Files are read for what they are, within bounds; what is hostile or broken has a reason of its own."""

import tracemalloc
from pathlib import Path

import pytest

from services.parcel.imports.domain import file_refused
from services.parcel.imports.domain.file_refused import WHAT_TO_DO, FileRefused, Refusal
from services.parcel.imports.reading import rows as reading
from services.parcel.imports.reading.rows import rows_of
from tests.parcel.imports.files import HEADER, ROW, csv_file, with_part, xlsx_file

SHEET = "xl/worksheets/sheet1.xml"
BOMB = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
SHEET_OF = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    b'<c r="A1" t="inlineStr"><is><t>%b</t></is></c></row></sheetData></worksheet>'
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


def read(path: Path, content: bytes) -> list[list[str]]:
    path.write_bytes(content)
    return list(rows_of(path))


def refusal_of(path: Path, content: bytes) -> Refusal:
    with pytest.raises(FileRefused) as refused:
        read(path, content)
    return refused.value.refusal


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_read_in_every_unicode_encoding(path: Path, encoding: str) -> None:
    assert read(path, csv_file(ROW, encoding=encoding)) == [list(HEADER), list(ROW)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_between_the_names(path: Path, separator: str) -> None:
    assert read(path, separator.join(["name", "phone"]).encode() + b"\n") == [["name", "phone"]]


def test_a_workbook_is_read_with_its_numbers_as_people_see_them(path: Path) -> None:
    content = xlsx_file(("Sok Dara", 12345678, "TK03A", 12.5, 7.0), ())

    assert read(path, content)[1] == ["Sok Dara", "12345678", "TK03A", "12.5", "7"]


def test_a_formula_in_a_workbook_stays_a_text(path: Path) -> None:
    assert read(path, xlsx_file(("=B2*C2",)))[1] == ["=B2*C2"]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, Refusal.OLD_OR_LOCKED),
        (b"PK\x03\x04 and no more", Refusal.NOT_A_SPREADSHEET),
        (with_part(xlsx_file(ROW), "xl/workbook.xml", b"<not-xml"), Refusal.NOT_A_SPREADSHEET),
        (with_part(xlsx_file(ROW), "xl/vbaProject.bin", b"macro"), Refusal.MACROS),
        (with_part(xlsx_file(ROW), SHEET, BOMB + SHEET_OF % b"&b;"), Refusal.FORBIDDEN_XML),
        (with_part(xlsx_file(ROW), SHEET, OUTSIDE + SHEET_OF % b"&a;"), Refusal.FORBIDDEN_XML),
        (with_part(xlsx_file(ROW), "xl/media/a", b"\0" * (257 * 2**20)), Refusal.UNPACKS_TOO_LARGE),
        (with_part(xlsx_file(ROW), "xl/sharedStrings.xml", b" " * (65 * 2**20)), Refusal.UNPACKS_TOO_LARGE),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", Refusal.NOT_A_SPREADSHEET),
        ("ឈ្មោះ,phone".encode() + b"\n\xe9t\xe9,1", Refusal.WRONG_ENCODING),
        (b'name,phone\n"' + b"x" * 200_000, Refusal.CELL_TOO_LARGE),
        (b"," * 100 + b"x", Refusal.TOO_MANY_COLUMNS),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_a_hostile_file_has_a_clear_answer(path: Path, content: bytes, refusal: Refusal) -> None:
    assert refusal_of(path, content) is refusal


def test_each_refusal_says_what_to_do() -> None:
    assert set(WHAT_TO_DO) == set(Refusal)


def test_more_rows_than_any_day_has_are_refused_as_soon_as_they_come(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST_ROWS", 10)

    assert refusal_of(path, b"a,b\n" * 100_000) is Refusal.TOO_MANY_ROWS


def test_a_cell_is_cut_at_what_a_row_can_say_of_it(path: Path) -> None:
    assert read(path, b"x" * 10_000)[0] == ["x" * file_refused.MOST_LETTERS]


def test_a_sheet_that_claims_a_million_rows_ends_after_the_empty_ones(path: Path) -> None:
    far = SHEET_OF.replace(
        b"</row>", b'</row><row r="1048576"><c r="A1048576" t="inlineStr"><is><t>z</t></is></c></row>'
    )

    assert [cells for cells in read(path, with_part(xlsx_file(), SHEET, far % b"first")) if cells] == [["first"]]


def test_a_long_table_is_never_in_memory_as_a_whole(path: Path) -> None:
    path.write_bytes(csv_file(*[ROW] * 20_000))
    tracemalloc.start()
    try:
        count = sum(1 for _ in rows_of(path))
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert count == 20_001
    assert peak_bytes < 1_000_000
