"""The page of the search says what the tests of the search try."""

from tests.contracts.search_page import PAGE, page
from tests.parcel.addresses.domain.search_pairs import PAIRS

KHMER = range(0x1780, 0x1800)


def test_the_page_is_what_the_pairs_say() -> None:
    assert PAGE.read_text() == page(), "run python -m tests.contracts.search_page"


def test_more_than_ten_pairs_with_khmer_are_found() -> None:
    pairs = [pair for of_one_kind in PAIRS.values() for pair in of_one_kind]
    khmer = [pair for pair in pairs if pair.found and any(ord(one) in KHMER for one in pair.asked + pair.kept)]
    assert len(khmer) > 10
    assert all(f"| {pair.asked} | " in page() for pair in khmer)


def test_a_character_that_cannot_be_seen_is_written_as_its_code() -> None:
    assert "\u200b" not in page()
    assert "ភ្នំ[U+200B]ពេញ" in page()
