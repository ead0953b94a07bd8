"""How long a text is as SMS."""

import pytest

from services.notifications.domain.segments import Encoding, measure


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("a" * 152 + "€" + "a" * 7, "GSM-7", 161, 2),
        ("ក" * 70, "UCS-2", 70, 1),
        ("ក" * 71, "UCS-2", 71, 2),
        ("ក" * 134, "UCS-2", 134, 2),
        ("ក" * 135, "UCS-2", 135, 3),
        ("😀" * 35, "UCS-2", 70, 1),
        ("😀" * 36, "UCS-2", 72, 2),
        ("a" * 70 + "ក", "UCS-2", 71, 2),
    ],
)
def test_parts_hold_160_or_153_septets_and_70_or_67_units(text: str, encoding: str, units: int, segments: int) -> None:
    size = measure(text)
    assert (size.encoding, size.units, size.segments) == (encoding, units, segments)


def test_a_character_of_two_units_is_not_cut_between_parts() -> None:
    # 66 units, then a pair that would straddle the end of the first part.
    assert measure("ក" * 66 + "😀" + "ក" * 66).segments == 3


@pytest.mark.parametrize("text", ["@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ", "^{}\\[~]|€", "ÄÖÑÜ§¿äöñüà¡¤"])
def test_the_gsm_alphabet_with_its_extension_stays_gsm(text: str) -> None:
    assert measure(text).encoding is Encoding.GSM7


@pytest.mark.parametrize("text", ["\u2019", "ç", "…", "\u200b", "ំ", "`"])
def test_one_character_outside_makes_the_whole_text_ucs2(text: str) -> None:
    assert measure("Parcel " + text).encoding is Encoding.UCS2


def test_an_empty_text_is_one_part() -> None:
    assert measure("").segments == 1
