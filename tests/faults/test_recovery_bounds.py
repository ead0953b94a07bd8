"""The table of recovery bounds, held against what is written, against the page, and against the scenarios."""

import ast
import re
import time

import pytest

from tests.faults import recovery_bounds
from tests.faults.recovery_bounds import BOUNDS, SESSION_S, Bound, outage_s
from tests.support.addresses import ROOT

PAGE = (ROOT / "docs" / "faults.md").read_text()
SOURCES = [path for path in (ROOT / "tests" / "faults").rglob("*.py") if path.stem != "recovery_bounds"]


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.faults)
def test_no_check_is_looser_than_what_is_written(bound: Bound) -> None:
    assert 0 < bound.here <= bound.written


@pytest.mark.parametrize("bound", BOUNDS, ids=lambda bound: bound.faults)
def test_each_bound_stands_on_the_page(bound: Bound) -> None:
    assert re.search(rf"^\| {bound.faults} \| {re.escape(bound.what)} \| {bound.here:g} \|", PAGE, re.MULTILINE)


def test_each_bound_is_checked_somewhere() -> None:
    names = {name for name, value in vars(recovery_bounds).items() if isinstance(value, Bound)}
    used = {
        node.value.id
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "here" and isinstance(node.value, ast.Name)
    }
    assert names - used == set()


def test_an_outage_lasts_as_long_as_the_session_of_the_consumer_at_least() -> None:
    assert outage_s(since=time.monotonic()) == SESSION_S
    assert outage_s(since=time.monotonic() - 3 * SESSION_S) > 2 * SESSION_S
