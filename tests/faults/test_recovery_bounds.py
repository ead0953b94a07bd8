"""The table of recovery bounds, held against what is written, against the page, and against the scenarios."""

import ast
import inspect
import json
import re
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from statistics import median
from types import ModuleType

import pytest

from tests.faults import recovery_bounds
from tests.faults.recovery_bounds import BOUNDS, RATES, SESSION_S, Bound, Rate, outage_s
from tests.faults.scenario import FOLDER
from tests.support.addresses import ROOT

PAGE = (ROOT / "docs" / "faults.md").read_text()
MEASURED = json.loads((ROOT / "docs" / "performance.json").read_text())
ABOUT = 1 / 3
SOURCES = [path for path in (ROOT / "tests" / "faults").rglob("*.py") if path.stem != "recovery_bounds"]
NAMES = {name: value for name, value in vars(recovery_bounds).items() if isinstance(value, Bound)}
SCENARIOS = [import_module(f"tests.faults.scenarios.{file.stem}") for file in sorted(FOLDER.glob("*.py"))]
WAITING_AT = {"answered_again": 2, "shown_again": 1, "caught_up": 1, "relayed": 2, "is_well": 1}
"""What waits for a recovery, and which of its arguments says how long."""


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.faults)
def test_no_check_is_looser_than_what_is_written(bound: Bound) -> None:
    assert 0 < bound.here <= bound.written


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.faults)
def test_each_bound_stands_on_the_page(bound: Bound) -> None:
    assert re.search(rf"^\| {bound.faults} \| {re.escape(bound.what)} \| {bound.here:g} \|", PAGE, re.MULTILINE)


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: rate.faults)
def test_no_rate_is_taken_lower_than_it_was_measured_unless_the_page_says_why(rate: Rate) -> None:
    row = rf"^\| {rate.faults} \| {re.escape(rate.what)} \| {rate.written:,g} \| {rate.here:,g} \|(.*)\|$"
    (why,) = re.findall(row, PAGE, re.MULTILINE)
    assert rate.here >= rate.written or why.strip()


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: rate.faults)
def test_each_rate_is_about_what_was_measured_last(rate: Rate) -> None:
    metric = rate.what.rpartition(", ")[2]
    measured = median(ours for ours, _ in MEASURED[metric]["rounds"])
    assert 1 - ABOUT < rate.written / measured < 1 / (1 - ABOUT), measured


def test_each_bound_is_checked_somewhere() -> None:
    assert NAMES.keys() - _used_in(SOURCES) == set()


@pytest.mark.parametrize("module", SCENARIOS, ids=lambda module: module.__name__.rpartition(".")[2])
def test_each_scenario_takes_a_bound_of_its_fault(module: ModuleType) -> None:
    source = Path(inspect.getfile(module))
    of_every_run = _used_in([path for path in SOURCES if path.parent.name == "invariants"])
    used = _used_in([source])
    for fault in {scenario.fault for scenario in module.SCENARIOS}:
        bounds = {name for name, bound in NAMES.items() if fault in bound.faults.split(", ")} - of_every_run
        assert not bounds or bounds & used, fault


@pytest.mark.parametrize("module", SCENARIOS, ids=lambda module: module.__name__.rpartition(".")[2])
def test_no_scenario_waits_longer_until_work_goes_on_than_is_written(module: ModuleType) -> None:
    faults = {scenario.fault for scenario in module.SCENARIOS}
    whole = [_seconds(one) for one in BOUNDS if one.faults in faults and re.search("applied|as before", one.what)]
    for within_s in _waits(module) if whole else ():
        assert within_s <= min(whole)


def _seconds(bound: Bound) -> float:
    return bound.here + (SESSION_S if "the session with the broker apart" in bound.what else 0)


def _waits(module: ModuleType) -> Iterator[float]:
    """Yield the constants by which a scenario says how long it waits for a recovery."""
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WAITING_AT:
            within = node.args[WAITING_AT[node.func.id]]
            names = (one.id for one in ast.walk(within) if isinstance(one, ast.Name))
            yield from (value for name in names if isinstance(value := getattr(module, name, None), float))


def _used_in(paths: list[Path]) -> set[str]:
    return {
        node.value.id
        for path in paths
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "here" and isinstance(node.value, ast.Name)
    }


def test_an_outage_lasts_as_long_as_the_session_of_the_consumer_at_least() -> None:
    assert outage_s(since=time.monotonic()) == SESSION_S
    assert outage_s(since=time.monotonic() - 3 * SESSION_S) > 2 * SESSION_S
