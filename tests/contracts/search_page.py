"""Writes docs/search.md: what is typed and which name it finds, from the pairs that the tests of the search hold."""

import unicodedata
from collections.abc import Iterator
from pathlib import Path

from tests.parcel.addresses.domain.search_pairs import BY_PHONE, OWNER, PAIRS, PHONE, Found, Pair

PAGE = Path(__file__).parents[2] / "docs" / "search.md"
HEAD = """# Search

How a name is found however it is typed: in Khmer or Latin letters, with signs in another order, with characters that
nobody sees, with COENG DA for COENG TA, by the last digits of a phone. Offices find parcels so, at
`GET /parcel/parcels/search`, and places, at `GET /parcel/places/search`. The rules are in
`services/parcel/addresses/domain/khmer_search.py`.

This page is made by `python -m tests.contracts.search_page` from the pairs that
`tests/parcel/addresses/domain/test_khmer_search.py` tries, and a test holds it against them. Characters that cannot be
seen are written as their code.
"""
SAID: dict[Found, str] = {"exact": "by its letters", "alike": "by its sound", "": "not found"}


def page() -> str:
    """Return the page as it is to be."""
    return "\n".join([HEAD, *_names(), *_phones()]) + "\n"


def _names() -> Iterator[str]:
    for differing, pairs in PAIRS.items():
        yield f"## {differing}"
        yield ""
        yield "| asked for | kept as | found |"
        yield "|---|---|---|"
        yield from (_row(pair) for pair in pairs)
        yield ""


def _row(pair: Pair) -> str:
    return f"| {_seen(pair.asked)} | {_seen(pair.kept)} | {SAID[pair.found]} |"


def _phones() -> Iterator[str]:
    yield "## Digits of a phone"
    yield ""
    yield f"Of the parcel of {OWNER}, {PHONE}:"
    yield ""
    yield "| asked for | found |"
    yield "|---|---|"
    yield from (f"| {asked} | {SAID[found]} |" for asked, found in BY_PHONE)


def _seen(text: str) -> str:
    return "".join(f"[U+{ord(one):04X}]" if unicodedata.category(one) == "Cf" else one for one in text)


if __name__ == "__main__":
    PAGE.write_text(page())
