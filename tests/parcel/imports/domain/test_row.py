"""A row is a parcel or has its problems named, field by field."""

import pytest

from services.parcel.drafts.domain.announced import Announced
from services.parcel.imports.domain.columns import Column
from services.parcel.imports.domain.row import Defaults, RowReader, offices_by_name
from services.parcel.posting.domain.person import Person
from services.parcel.pricing.domain.money import Amount, Currency
from tests.access.signed_in import office_entry
from tests.parcel.bodies import HOME, THIRD

SENDER = Person("Sok Dara", "+85512345678", "km")
ORDER = ("name", "phone", "collecting_office", "cod", "order_reference", "weight_kg", "address")
MAPPING = {name: place for place, name in enumerate(ORDER)}
OFFICES = offices_by_name({code: office_entry(code) for code in (HOME, THIRD)})


def read(*cells: str, office: str | None = None, currency: Currency | None = None) -> object:
    return RowReader(MAPPING, Defaults(SENDER, office, currency), OFFICES).read(cells)


def codes(*cells: str) -> list[tuple[str, str]]:
    found = read(*cells)
    assert isinstance(found, list)
    return [(problem.field, problem.code) for problem in found]


def test_a_row_in_order_is_a_parcel() -> None:
    found = read("ចាន់ ធីតា", "៩៧១២៣៤៥៦៧", "tk03a", "$12.50", "W-1", "1.2", "ភូមិ ១")

    assert isinstance(found, Announced)
    assert found.recipient == Person("ចាន់ ធីតា", "+855971234567", "km", ("ភូមិ ១",))
    assert (found.sender, found.collecting_office, found.order_reference) == (SENDER, THIRD, "W-1")
    assert (found.cod, found.weight_g) == (Amount(1_250, "USD"), 1_200)


def test_a_phone_that_lost_its_zero_is_found_again() -> None:
    found = read("Dara", "12345678", THIRD)

    assert isinstance(found, Announced)
    assert found.recipient.phone == "+85512345678"


def test_what_a_row_leaves_out_holds_for_all() -> None:
    found = read("Dara", "012345678", "", "12", office=THIRD, currency="USD")

    assert isinstance(found, Announced)
    assert (found.collecting_office, found.cod) == (THIRD, Amount(1_200, "USD"))


@pytest.mark.parametrize("nothing", ["", "0", "0.00", "-", "$0", "០"])
def test_nothing_to_collect_is_nothing(nothing: str) -> None:
    found = read("Dara", "012345678", THIRD, nothing)

    assert isinstance(found, Announced)
    assert found.cod is None


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ([], [("name", "missing"), ("phone", "missing"), ("collecting_office", "missing")]),
        (["Dara", "999", THIRD], [("phone", "not-a-phone-number")]),
        (["Dara", "012345678", "Nowhere"], [("collecting_office", "unknown-office")]),
        (["Dara", "012345678", THIRD, "a lot"], [("cod", "not-an-amount")]),
        (["Dara", "012345678", THIRD, "12"], [("cod", "not-an-amount")]),
        (["=cmd|' /C calc'!A0", "012345678", THIRD], [("name", "formula")]),
        (["Dara", "012345678", THIRD, "=B2*C2"], [("cod", "formula"), ("cod", "not-an-amount")]),
        (["D" * 121, "012345678", THIRD], [("name", "too-long")]),
        (["陳", "012345678", THIRD], [("name", "glyph-missing")]),
        (["Dara", "012345678", THIRD, "", "W", "heavy"], [("weight_kg", "not-a-weight")]),
        (["Dara", "012345678", THIRD, "", "W", "101"], [("weight_kg", "not-a-weight")]),
    ],
)
def test_what_is_wrong_with_a_row_is_named(cells: list[str], problems: list[tuple[str, str]]) -> None:
    assert codes(*cells) == problems


def test_a_name_of_two_offices_is_nobodys() -> None:
    alike = {code: office_entry(code).model_copy(update={"name_en": "Post", "name_km": code}) for code in (HOME, THIRD)}

    assert "post" not in offices_by_name(alike)
    assert offices_by_name(alike)[HOME.lower()] == HOME


def test_every_column_can_be_named() -> None:
    assert set(ORDER) <= {column.value for column in Column}
