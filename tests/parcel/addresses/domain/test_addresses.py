"""Addresses: what is asked for, and how they stand on a label."""

from dataclasses import replace

import pytest

from services.parcel.addresses.domain.addresses import Address, domestic_lines, international_lines, read_address
from shared.errors import Invalid

HOME = Address("KH", ("ផ្ទះ ១២", "ជិតផ្សារ"), "21090101", "210901")
ABROAD = Address("US", ("12 Main Street",), None, "90001", "Los Angeles", "CA")


def refused(address: Address) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refusal:
        read_address(address, "to")
    return [(problem.field, problem.code) for problem in refusal.value.problems]


@pytest.mark.parametrize(
    "address",
    [
        HOME,
        ABROAD,
        Address("KH", ("ភូមិ ៣",)),
        Address("KH", place_code="21"),
        Address("SG", ("1 Orchard Road",), postal_code="238801"),
        Address("NP", ("Ward 3",), city="Pokhara"),
        Address("HK", ("1 Queen's Road",)),
    ],
)
def test_an_address_that_says_enough_is_kept_as_it_is(address: Address) -> None:
    assert read_address(address) == address


def test_at_home_an_address_may_be_left_out_where_a_parcel_waits_at_an_office() -> None:
    assert read_address(Address("KH"), whole=False) == Address("KH")
    with pytest.raises(Invalid) as refusal:
        read_address(Address("KH", place_code="99"), whole=False)
    assert [problem.field for problem in refusal.value.problems] == ["place"]


def test_an_address_abroad_is_whole_in_any_case() -> None:
    with pytest.raises(Invalid) as refusal:
        read_address(Address("KR", ("12 Sejong-daero",)), "to", whole=False)
    assert [problem.field for problem in refusal.value.problems] == ["to.city", "to.postal_code"]


@pytest.mark.parametrize("lines", [("12 Main Street", "Los Angeles CA"), ("Room 3", "12 Main Street", "Los Angeles")])
def test_town_and_region_may_be_the_last_of_several_lines(lines: tuple[str, ...]) -> None:
    address = Address("US", lines, None, "90001")

    assert read_address(address) == address
    assert refused(replace(address, region="CA")) == [("to.city", "missing")]


def test_an_address_is_tidied() -> None:
    written = Address("KH", (" House\n 12 ", "", "  "), " 21090101", "២១០ ៩០១", "", " ")

    assert read_address(written) == Address("KH", ("House 12",), "21090101", "210901")


@pytest.mark.parametrize(
    ("address", "problems"),
    [
        (Address("KH"), [("to.place", "missing")]),
        (Address("XX", ("a",), city="b"), [("to.country", "unknown-country")]),
        (replace(HOME, place_code="2111"), [("to.place", "place-not-found")]),
        (replace(HOME, city="Takeo"), [("to.city", "place-instead")]),
        (replace(HOME, lines=tuple("abcde")), [("to.address", "too-many-lines")]),
        (replace(HOME, postal_code="12"), [("to.postal_code", "not-a-postal-code")]),
        (replace(ABROAD, place_code="21"), [("to.place", "not-in-cambodia")]),
        (replace(ABROAD, lines=(" ",)), [("to.address", "missing")]),
        (
            Address("US", ("12 Main Street",)),
            [("to.city", "missing"), ("to.region", "missing"), ("to.postal_code", "missing")],
        ),
        (
            Address("KH", place_code="99", postal_code="1", region="b"),
            [
                ("to.region", "place-instead"),
                ("to.place", "place-not-found"),
                ("to.postal_code", "not-a-postal-code"),
            ],
        ),
    ],
)
def test_an_address_is_refused_with_every_problem_by_field(address: Address, problems: list[tuple[str, str]]) -> None:
    assert refused(address) == problems


@pytest.mark.parametrize(
    ("address", "khmer", "english"),
    [
        (
            HOME,
            ["ផ្ទះ ១២", "ជិតផ្សារ", "ភូមិស្រុកចេក, អង្គតាសោម", "ត្រាំកក់, ខេត្តតាកែវ 210901"],
            ["ផ្ទះ ១២", "ជិតផ្សារ", "Srok Chek, Ang Ta Saom", "Tram Kak, Takeo 210901"],
        ),
        (Address("KH", ("A",), "12"), ["A", "រាជធានីភ្នំពេញ"], ["A", "Phnom Penh"]),
        (Address("KH", (), "2108"), ["ដូនកែវ, ខេត្តតាកែវ"], ["Doun Kaev, Takeo"]),
        (Address("KH", ("A",), None, "12000"), ["A", "12000"], ["A", "12000"]),
        (Address("KH", ("A",), "99"), ["A"], ["A"]),
    ],
)
def test_a_domestic_label_names_the_place_from_small_to_large(
    address: Address, khmer: list[str], english: list[str]
) -> None:
    assert domestic_lines(address, "km") == khmer
    assert domestic_lines(address, "en") == english


def test_a_village_that_is_called_village_is_not_called_so_twice() -> None:
    lines = domestic_lines(Address("KH", (), "05061302"), "km")

    assert lines[0].startswith("ភូមិទី")


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        (ABROAD, ["12 Main Street", "Los Angeles CA 90001", "UNITED STATES"]),
        (
            Address("GB", ("1 High Street",), None, "SW1A 1AA", "London"),
            ["1 High Street", "London", "SW1A 1AA", "UNITED KINGDOM"],
        ),
        (
            Address("KR", ("12 Sejong-daero",), None, "04524", "Seoul"),
            ["12 Sejong-daero", "Seoul 04524", "SOUTH KOREA"],
        ),
        (HOME, ["ផ្ទះ ១២", "ជិតផ្សារ", "Srok Chek, Ang Ta Saom", "Tram Kak, Takeo 210901", "CAMBODIA"]),
    ],
)
def test_an_international_label_ends_with_the_country_in_capitals(address: Address, lines: list[str]) -> None:
    assert international_lines(address) == lines
