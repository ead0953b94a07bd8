"""A pasted message is read as far as it is certain; the rest is given back."""

import pytest

from services.parcel.drafts.domain.chat_text import understand
from services.parcel.pricing.domain.money import Amount
from tests.access.signed_in import office_entry

OFFICES = {"TK03A": office_entry("TK03A").model_copy(update={"district_code": "2109"})}


def test_a_khmer_message_gives_name_phone_place_and_amount() -> None:
    text = "ឈ្មោះ៖ ចាន់ ធីតា\n០៩៧ ១២៣ ៤៥៦៧\nស្រុកត្រាំកក់ ខេត្តតាកែវ\nសរុប៖ ៥ម៉ឺនរៀល"

    found = understand(text, OFFICES)

    assert (found.name, found.phone) == ("ចាន់ ធីតា", "+855971234567")
    assert (found.place, found.collecting_office) == ("2109", "TK03A")
    assert found.cod == Amount(50_000, "KHR")
    assert (found.not_understood, found.missing) == ((), [])


def test_an_english_message_in_one_line_is_read() -> None:
    found = understand("Chan Thida, 097.123.4567, Tram Kak district, Takeo, COD $12.50", OFFICES)

    assert (found.name, found.phone, found.place) == ("Chan Thida", "+855971234567", "2109")
    assert (found.cod, found.not_understood) == (Amount(1_250, "USD"), ())


def test_what_is_not_understood_is_given_back_as_it_was() -> None:
    found = understand("Dara 012345678 TK03A please hurry! 2 boxes", OFFICES)

    assert (found.name, found.collecting_office, found.cod) == ("Dara", "TK03A", None)
    assert found.not_understood == ("please hurry! 2 boxes",)


def test_a_bare_number_is_no_amount_unless_it_is_said_to_be() -> None:
    assert understand("Dara\n012345678\n12", OFFICES).cod is None
    assert understand("Dara\n012345678\ntotal: 52000", OFFICES).cod == Amount(52_000, "KHR")


def test_a_second_phone_is_left_to_the_reader() -> None:
    found = understand("Dara 012345678 or 097 123 4567", OFFICES)

    assert found.phone == "+85512345678"
    assert found.not_understood == ("or 097 123 4567",)


def test_a_place_of_many_is_not_guessed() -> None:
    found = understand("Dara, 012345678, ភូមិថ្មី", OFFICES)

    assert (found.place, found.collecting_office) == (None, None)
    assert found.missing == ["collecting_office"]


@pytest.mark.parametrize("text", ["\x00", "៖៖៖", "$$$", "=cmd|' /C calc'!A0", "\u17d2" * 500, "0" * 2_000, "," * 2_000])
def test_no_message_is_too_strange_to_be_answered(text: str) -> None:
    found = understand(text, OFFICES)

    assert (found.phone, found.collecting_office) == (None, None)
