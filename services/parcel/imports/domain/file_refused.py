"""Why a file cannot be read at all; each reason has a word of its own and says what to do."""

from enum import StrEnum

MOST_FILE_BYTES = 32 * 2**20
MOST_ROWS = 200_000
MOST_COLUMNS = 64
MOST_LETTERS = 500
"""In a cell; what is longer is cut and refused by its row."""
MOST_UNPACKED_BYTES = 256 * 2**20
MOST_SHARED_BYTES = 64 * 2**20
"""Of the texts of a workbook, which are held in memory while it is read."""


class Refusal(StrEnum):
    """Why nothing of a file was read."""

    EMPTY = "empty"
    NOT_A_SPREADSHEET = "not-a-spreadsheet"
    OLD_OR_LOCKED = "old-or-locked"
    MACROS = "macros"
    UNPACKS_TOO_LARGE = "unpacks-too-large"
    FORBIDDEN_XML = "forbidden-xml"
    WRONG_ENCODING = "wrong-encoding"
    TOO_MANY_ROWS = "too-many-rows"
    TOO_MANY_COLUMNS = "too-many-columns"
    CELL_TOO_LARGE = "cell-too-large"
    NOT_AS_SENT = "not-as-sent"


WHAT_TO_DO = {
    Refusal.EMPTY: "There are no rows below the names of the columns; look at the first sheet.",
    Refusal.NOT_A_SPREADSHEET: "Save it as an Excel workbook (.xlsx) or as CSV, and send that.",
    Refusal.OLD_OR_LOCKED: "It is an old workbook or has a password; save it as .xlsx without one.",
    Refusal.MACROS: "It holds macros, which are never run; save it as .xlsx, which has none.",
    Refusal.UNPACKS_TOO_LARGE: "It unpacks to more than any list of parcels; save it anew with the rows alone.",
    Refusal.FORBIDDEN_XML: "Its parts refer to something outside or to themselves; save it anew with a spreadsheet.",
    Refusal.WRONG_ENCODING: "Its letters are not UTF-8; save it as `CSV UTF-8`, or as .xlsx, with a Unicode font.",
    Refusal.TOO_MANY_ROWS: f"It has more than {MOST_ROWS:,} rows; split it.",
    Refusal.TOO_MANY_COLUMNS: f"It has more than {MOST_COLUMNS} columns; leave out those that are not needed.",
    Refusal.CELL_TOO_LARGE: "A cell is longer than any address; look for a quotation mark that is not closed.",
    Refusal.NOT_AS_SENT: "What came is not the file that you named; send its pieces again.",
}


class FileRefused(Exception):
    """Nothing of a file can be read."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal
