"""Names are found in whatever script and spelling they are typed."""

from collections import defaultdict
from functools import cache
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parcel.addresses.domain.gazetteer import Level, Place, gazetteer
from services.parcel.addresses.domain.khmer_search import NOTHING, phone_terms, query_terms, search_terms, sounds_of
from tests.parcel.addresses.domain.search_pairs import BY_PHONE, OWNER, PAIRS, PHONE, Pair

LETTERS = st.text(alphabet=[*map(chr, range(0x1780, 0x17DE)), *"abhnrvyង ០1"], max_size=12)


@cache
def communes() -> list[Place]:
    """Return all communes; not at import, which every run of tests would wait for."""
    return [place for place in gazetteer() if place.level is Level.COMMUNE]


def found(asked: str, kept: frozenset[str]) -> str:
    terms = query_terms(asked)
    return "exact" if terms.exact <= kept else "alike" if terms.alike <= kept else ""


@pytest.mark.parametrize("pair", [pair for pairs in PAIRS.values() for pair in pairs], ids=lambda pair: pair.asked)
def test_a_name_is_found_by_what_is_asked_for(pair: Pair) -> None:
    assert found(pair.asked, search_terms(pair.kept)) == pair.found


@pytest.mark.parametrize(("asked", "how"), BY_PHONE)
def test_the_last_digits_of_a_phone_find_its_owner(asked: str, how: str) -> None:
    assert found(asked, search_terms(OWNER) | phone_terms(PHONE)) == how


@pytest.mark.parametrize("asked", ["", " ", "?!", "\u200b", "់"])
def test_what_has_no_letter_finds_nobody(asked: str) -> None:
    assert query_terms(asked) == (NOTHING, NOTHING)
    assert found(asked, search_terms("Sok Dara")) == ""


def test_a_name_has_few_terms() -> None:
    assert search_terms("Sok Dara") == {"sok", "dara", *"SKTR", "SK", "KT", "TR"}
    assert search_terms("សុខ តារា") == {"សុ", "ខ", "តា", "រា", "សុខ", "ខតា", "តារា", *"SKTR", "SK", "KT", "TR"}


@given(st.one_of(LETTERS, st.text(max_size=30)))
def test_every_name_finds_itself(name: str) -> None:
    terms, kept = query_terms(name), search_terms(name)

    assert terms.exact <= kept or terms.exact == NOTHING
    assert terms.alike <= kept or terms.alike == NOTHING
    assert sounds_of(name) in {"", sounds_of(f" {name}\u200b")}


def test_communes_are_found_by_their_latin_names_and_few_others_with_them() -> None:
    recall, others = measured([(place.name_en, place.name_km) for place in communes()])

    assert len(communes()) == 1_661
    assert recall > 0.975
    assert others < 27


def test_communes_kept_in_latin_are_found_by_their_khmer_names() -> None:
    recall, others = measured([(place.name_km, place.name_en) for place in communes()])

    assert recall > 0.939
    assert others < 23


def measured(pairs: list[tuple[str, str]]) -> tuple[float, float]:
    """Return how often a question finds its name, and how many names it finds on average."""
    at_term: defaultdict[str, set[int]] = defaultdict(set)
    for at, (_, name) in enumerate(pairs):
        for term in search_terms(name):
            at_term[term].add(at)
    everything = set(range(len(pairs)))

    def having(terms: frozenset[str]) -> set[int]:
        return everything.intersection(*(at_term.get(term, set()) for term in terms))

    asked_for = [query_terms(asked) for asked, _ in pairs]
    answers = [having(terms.exact) | having(terms.alike) for terms in asked_for]
    return mean(at in answer for at, answer in enumerate(answers)), mean(map(len, answers))
