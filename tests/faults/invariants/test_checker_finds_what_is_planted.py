"""A check that cannot fail is no check: for each invariant, evidence with one thing wrong."""

from collections.abc import Callable
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from services.tracking.domain.rebuilt import JourneyRow
from shared.ids import new_id
from tests.faults.evidence import Evidence
from tests.faults.invariants.every import CHECKS, violations
from tests.faults.invariants.healthy import BEGAN, healthy
from tests.faults.invariants.planting import PLANTED, Plant
from tests.faults.invariants.plants import (
    bounds,
    cancellations,
    clearances,
    codes,
    holdings,
    journeys,
    messages,
    promises,
    refilled,
    versions,
)

LATER = BEGAN + timedelta(days=9)
OTHER_VALUE: dict[str, object] = {
    "version": 4,
    "state": "in_transit",
    "states_told": ("delivered",),
    "opened_at": LATER,
    "ended_at": None,
    "last_scan_id": None,
    "last_event_code": "EMH",
    "last_office": "TK09A",
    "last_occurred_at": LATER,
    "registered": False,
    "office_of_posting": "TK09A",
    "collecting_office": None,
    "destination_country": "KR",
    "service": "ems",
    "weight_g": 301,
    "link_secret_sha256": "another",
    "told_state": "delivered",
    "told_scan_id": new_id(),
}
PLANTS = (promises, cancellations, journeys, clearances, messages, codes, bounds, holdings, versions, refilled)
"""To import them is to plant."""


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_planted_is_found_under_its_name(name: str) -> None:
    evidence = healthy()
    invariant, _, _ = name.partition(" ")
    plant, says = PLANTED[name]
    plant(evidence)
    found = [violation for violation in violations(evidence) if violation.startswith(f"{invariant} ")]
    assert [violation for violation in found if says in violation], found


@pytest.mark.parametrize("column", OTHER_VALUE)
def test_each_column_of_a_journey_is_held_against_the_fold(column: str) -> None:
    evidence = healthy()
    changed: dict[str, object] = {column: OTHER_VALUE[column]}
    evidence.journeys = [replace(evidence.journeys[0], **changed)]  # type: ignore[arg-type]
    say = ("the scans", "what counters know")
    found = [one for one in violations(evidence) if f"{column} is {OTHER_VALUE[column]}" in one]
    assert len(found) == len([source for source in say if any(source in one for one in found)]) == len(say)


def test_no_column_of_a_journey_is_left_out() -> None:
    assert {field.name for field in fields(JourneyRow)} - {"item_number", "journey_no"} == OTHER_VALUE.keys()


def test_a_run_without_violations_has_none() -> None:
    assert violations(healthy()) == []


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_each_check_finds_something_that_is_planted(check: Callable[[Evidence], object]) -> None:
    def finds(plant: Plant) -> bool:
        evidence = healthy()
        plant(evidence)
        return bool(list(check(evidence)))  # type: ignore[call-overload]

    assert any(finds(plant) for plant, _ in PLANTED.values())
