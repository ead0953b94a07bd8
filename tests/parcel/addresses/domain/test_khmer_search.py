"""Names are found in whatever script and spelling they are typed."""

from collections import defaultdict
from functools import cache
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parcel.addresses.domain.gazetteer import Level, Place, gazetteer
from services.parcel.addresses.domain.khmer_search import NOTHING, phone_terms, query_terms, search_terms, sounds_of

LETTERS = st.text(alphabet=[*map(chr, range(0x1780, 0x17DE)), *"abhnrvyង ០1"], max_size=12)


@cache
def communes() -> list[Place]:
    """Return all communes; not at import, which every run of tests would wait for."""
    return [place for place in gazetteer() if place.level is Level.COMMUNE]


def found(asked: str, kept: frozenset[str]) -> str:
    terms = query_terms(asked)
    return "exact" if terms.exact <= kept else "alike" if terms.alike <= kept else ""


@pytest.mark.parametrize(
    ("asked", "kept", "how"),
    [
        ("Takeo", "តាកែវ", "alike"),
        ("Ta Keo", "តាកែវ", "alike"),
        ("តាកែវ", "Takeo", "alike"),
        ("Battambang", "បាត់ដំបង", "alike"),
        ("Phnom Penh", "រាជធានីភ្នំពេញ", "alike"),
        ("ភ្នំពេញ", "រាជធានីភ្នំពេញ", "exact"),
        ("Angkor Borei", "អង្គរបូរី", "alike"),
        ("Otdar Meanchey", "ឧត្ដរមានជ័យ", "alike"),
        ("Sok Dara", "សុខ តារា", "alike"),
        ("Sok Daara", "សុខ ដារ៉ា", "alike"),
        ("Dara Sok", "សុខតារា", "alike"),
        ("សុខតារា", "Sok Dara", "alike"),
        ("សុខ តារា", "Sok Dara", "alike"),
        ("តារា", "សុខ តារា", "exact"),
        ("សុខតារា", "សុខ តារា", "exact"),
        ("Thida", "ចាន់ ធីតា", "alike"),
        ("Chan Tida", "ចាន់ ធីតា", "alike"),
        ("Sovann", "សុវណ្ណ", "alike"),
        ("Heng Sreymom", "ហេង ស្រីមុំ", "alike"),
        ("Bunheng", "ប៊ុនហេង", "alike"),
        ("Bun Heng", "ប៊ុនហេង", "alike"),
        ("ហេង", "Bunheng", "alike"),
        ("Panha", "បញ្ញា", "alike"),
        ("បាត់ដំបង", "Bat Dambang", "alike"),
        ("Sopheap", "គឹម សុភាព", "alike"),
        ("Pich Chenda", "ពេជ្រ ចិន្តា", "alike"),
        ("Oeur", "អឿ", "alike"),
        ("អណ្ដែត", "កោះអណ្តែត", "exact"),
        ("ភ\u17c6\u17d2នពេញ", "ភ្នំ\u200bពេញ", "exact"),
        ("Roka Ti 2", "រកាទី២", "alike"),
        ("Roka Ti Pir", "រកាទី២", "alike"),
        ("Sok Dar", "Sok Dara", "alike"),
        ("sok", "SOK  Dara", "exact"),
        ("L'ak", "Tuek Lak", "exact"),
        ("김민지", "김민지", "exact"),
        ("Dara", "Sok", ""),
        ("Sokha", "តារា", ""),
        ("សុខ ធីតា", "សុខ តារា", ""),
        ("សុខ ណារី", "សុខ តារា", ""),
    ],
)
def test_a_name_is_found_by_what_is_asked_for(asked: str, kept: str, how: str) -> None:
    assert found(asked, search_terms(kept)) == how


@pytest.mark.parametrize(
    ("asked", "how"),
    [
        ("5678", "exact"),
        ("៥៦៧៨", "exact"),
        ("012 345 678", "exact"),
        ("+855 12 345 678", "exact"),
        ("Dara 5678", "exact"),
        ("Dara 012 345 678", "exact"),
        ("Tara 5678", "alike"),
        ("តារា ៥៦៧៨", "alike"),
        ("5679", ""),
        ("Dara 5679", ""),
        ("Thida 5678", ""),
    ],
)
def test_the_last_digits_of_a_phone_find_its_owner(asked: str, how: str) -> None:
    assert found(asked, search_terms("Sok Dara") | phone_terms("+85512345678")) == how


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
