"""A row of a file as an announced parcel, or what is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.addresses.domain.khmer_folding import folded
from services.parcel.addresses.domain.phones import NotAPhoneNumber, e164
from services.parcel.addresses.domain.printable_letters import print_problem
from services.parcel.drafts.domain.announced import Announced
from services.parcel.drafts.domain.written_amounts import plain_digits, read_amount
from services.parcel.imports.domain.columns import Column
from services.parcel.imports.domain.file_refused import MOST_LETTERS
from services.parcel.posting.domain.person import Person
from services.parcel.pricing.domain.money import Amount, Currency
from shared.contracts.directory import OfficeV1
from shared.errors import FieldProblem

LONGEST_TEXT = 120
MOST_G = 100_000
_CONTROL = re.compile(r"[\x00-\x1f]+")
_FORMULA = ("=", "@", "\t", "\uff1d")
_UNUSUAL = frozenset(_FORMULA)
_NUMBER_ONLY = re.compile(r"\d{8,9}")
"""A spreadsheet that takes a phone for a number drops the zero in front."""
_WEIGHT = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(kg|g|គីឡូ|ក្រាម)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Defaults:
    """What holds for all rows of a file."""

    sender: Person
    collecting_office: str | None = None
    """Where a row names none."""
    cod_currency: Currency | None = None
    """Of an amount without one."""


def offices_by_name(offices: Mapping[str, OfficeV1]) -> dict[str, str]:
    """Return the codes of offices by what people write for them: code, Khmer name, English name.

    A name of two offices is nobody's.
    """
    named: dict[str, str | None] = {}
    for code, office in offices.items():
        if not office.closed:
            for name in {_folded(office.name_km), _folded(office.name_en)}:
                named[name] = None if name in named else code
    codes = {code.lower(): code for code, office in offices.items() if not office.closed}
    return {name: code for name, code in named.items() if code} | codes


@lru_cache(4_096)
def _folded(name: str) -> str:
    """Fold the name of an office; all of them are asked for with each portion."""
    return folded(name)


class RowReader:
    """Reads the rows of one file; what is right in nearly every row is found without a detour."""

    def __init__(self, mapping: Mapping[str, int], defaults: Defaults, offices: Mapping[str, str]) -> None:
        self._at = [(column, mapping[column.value]) for column in Column if column.value in mapping]
        self._defaults = defaults
        self._offices = offices
        self._known: dict[str, str | None] = {}
        self._amounts: dict[tuple[str, Currency | None], Amount | None] = {}

    def read(self, cells: Sequence[str]) -> Announced | list[FieldProblem]:
        """Return the parcel of a row, or every problem that was found with it."""
        problems: list[FieldProblem] = []
        width = len(cells)
        values = {column: text for column, at in self._at if at < width and (text := cells[at].strip())}
        whole = "".join(values.values())
        # Looked at once for all cells of a row: nearly every row is short and has nothing unusual.
        if len(whole) > LONGEST_TEXT or not whole.isprintable() or not _UNUSUAL.isdisjoint(whole):
            for column, text in values.items():
                if len(text) > LONGEST_TEXT or not text.isprintable() or text.startswith(_FORMULA):
                    values[column] = _text(column, text, problems)
        name, phone = self._name(values, problems), self._phone(values, problems)
        office = self._office(values, problems)
        cod = self._cod(values, problems)
        weight_g = _weight_g(values, problems)
        address = values.get(Column.ADDRESS)
        if address and (problem := print_problem(address, Column.ADDRESS.value)):
            problems.append(problem)
        if problems:
            return problems
        return Announced(
            sender=self._defaults.sender,
            recipient=Person(name, phone, "km", (address,) if address else ()),
            collecting_office=office,
            weight_g=weight_g,
            order_reference=values.get(Column.ORDER_REFERENCE),
            cod=cod,
        )

    def _name(self, values: Mapping[Column, str], problems: list[FieldProblem]) -> str:
        name = values.get(Column.NAME, "")
        if not name:
            problems.append(FieldProblem(Column.NAME.value, "missing", "Write who receives the parcel."))
        elif problem := print_problem(name, Column.NAME.value):
            problems.append(problem)
        return name

    def _phone(self, values: Mapping[Column, str], problems: list[FieldProblem]) -> str:
        text = values.get(Column.PHONE, "")
        if not text:
            problems.append(FieldProblem(Column.PHONE.value, "missing", "Write the phone of who receives the parcel."))
            return ""
        try:
            return e164(f"0{text}" if _NUMBER_ONLY.fullmatch(text) and text[0] != "0" else text, DOMESTIC)
        except NotAPhoneNumber:
            message = "This is no phone number; write it as 012 345 678, or with + and the country's number."
            problems.append(FieldProblem(Column.PHONE.value, "not-a-phone-number", message))
            return ""

    def _office(self, values: Mapping[Column, str], problems: list[FieldProblem]) -> str:
        text = values.get(Column.OFFICE)
        if text is None:
            code = self._defaults.collecting_office
        else:
            if text not in self._known:
                self._known[text] = self._offices.get(folded(text))
            code = self._known[text]
        if code is None:
            message = "Write the code or the name of the office where the parcel will wait, or choose one for all rows."
            problems.append(FieldProblem(Column.OFFICE.value, "unknown-office" if text else "missing", message))
        return code or ""

    def _cod(self, values: Mapping[Column, str], problems: list[FieldProblem]) -> Amount | None:
        currencies: dict[Column, Currency | None] = {
            Column.COD: self._defaults.cod_currency,
            Column.COD_RIEL: "KHR",
            Column.COD_USD: "USD",
        }
        for column, currency in currencies.items():
            text = values.get(column)
            if text is None or _is_nothing(text):
                continue
            amount = self._amount(text, currency)
            if amount is None:
                message = "Write an amount with its currency, such as $12.50 or 52,000៛; riel have no parts."
                problems.append(FieldProblem(column.value, "not-an-amount", message))
            return amount
        return None

    def _amount(self, text: str, currency: Currency | None) -> Amount | None:
        """Read an amount; a shop has few prices, and each stands in many rows of a portion."""
        asked = text, currency
        if asked not in self._amounts:
            self._amounts[asked] = read_amount(text, currency)
        return self._amounts[asked]


def _text(column: Column, text: str, problems: list[FieldProblem]) -> str:
    """Return a text that has something unusual, cleaned; what cannot be is a problem."""
    if text.startswith(_FORMULA):
        message = "This is a formula, and formulas are not reckoned; copy the column and paste it as values."
        problems.append(FieldProblem(column.value, "formula", message))
    cleaned = " ".join(_CONTROL.sub(" ", text).split())
    if len(cleaned) > LONGEST_TEXT:
        longest = f"{LONGEST_TEXT}" if len(cleaned) < MOST_LETTERS else f"{LONGEST_TEXT}, and it has very many more"
        problems.append(FieldProblem(column.value, "too-long", f"Write no more letters than {longest}."))
    return cleaned


def _is_nothing(text: str) -> bool:
    return not text.strip("0.,-$៛ ០")


def _weight_g(values: Mapping[Column, str], problems: list[FieldProblem]) -> int | None:
    for column, unit_g in ((Column.WEIGHT_G, 1), (Column.WEIGHT_KG, 1_000)):
        text = values.get(column)
        if text is None:
            continue
        match = _WEIGHT.fullmatch(plain_digits(text))
        named = {"kg": 1_000, "គីឡូ": 1_000, "g": 1, "ក្រាម": 1}.get((match[2] or "").lower()) if match else None
        weight_g = round(float(match[1]) * (named or unit_g)) if match else 0
        if not 0 < weight_g <= MOST_G:
            message = f"Write a weight of up to {MOST_G // 1_000} kg as a number, or leave it out: the counter weighs."
            problems.append(FieldProblem(column.value, "not-a-weight", message))
        return weight_g
    return None
