"""F1 comes to every named place of the code, and in its least rounds to each in every service that has it."""

import random
import re
from collections import Counter
from collections.abc import Collection

import pytest

from onebox.configuration import SERVICES
from shared.failpoints import Place
from tests.faults.scenarios.killed_at_places import OWN_PLACES, SCENARIOS, SHARED_PLACES, places_by_round
from tests.support.addresses import ROOT

REBUILD = {place for place in Place if place.startswith("rebuild.")}
"""Places of a command that runs beside the service; `tests/tracking/entrypoints/test_rebuild.py` comes to each."""


def test_the_places_that_all_services_have_are_those_of_the_shared_code() -> None:
    assert _named_in("shared") == Counter(SHARED_PLACES)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_dies_at_every_place_of_its_own_code(service: str) -> None:
    own = Counter(OWN_PLACES[service])
    assert _named_in(f"services/{service}") - Counter(REBUILD) == own


def test_a_rebuild_dies_at_every_place_of_its_own() -> None:
    test = (ROOT / "tests" / "tracking" / "entrypoints" / "test_rebuild.py").read_text()
    assert {Place[name] for name in re.findall(r"Place\.(\w+)", test)} == REBUILD


def test_every_declared_place_is_somewhere_in_the_code() -> None:
    assert _named_in("shared") + _named_in("services") == Counter(Place)


@pytest.mark.parametrize("seed", range(20))
def test_the_long_form_kills_every_service_at_every_place_that_it_has(seed: int) -> None:
    (scenario,) = SCENARIOS
    rounds = list(places_by_round(random.Random(seed), scenario.least_rounds))
    for service in SERVICES:
        died = Counter(place for places in rounds for place in places[service])
        every_round = Counter(place for place in OWN_PLACES[service] for _ in rounds)
        assert died == every_round + Counter(SHARED_PLACES)


def test_the_short_form_chooses_by_seed_who_dies_at_the_places_that_all_have() -> None:
    (alike, same), other = (
        ([*places_by_round(random.Random(4), 1)] for _ in range(2)),
        [*places_by_round(random.Random(5), 1)],
    )
    assert alike == same != other
    assert (
        _all(alike[0].values()) == _all(other[0].values()) == Counter(place for place in Place if place not in REBUILD)
    )


def _all(groups: Collection[list[Place]]) -> Counter[Place]:
    return Counter(place for group in groups for place in group)


def _named_in(folder: str) -> Counter[Place]:
    code = "\n".join(file.read_text() for file in sorted((ROOT / folder).rglob("*.py")))
    return Counter(Place[name] for name in re.findall(r"\breached\(Place\.(\w+)\)", code))
