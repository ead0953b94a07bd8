"""docs/faults.md and the ledger, held against the faults that can be played."""

import csv
import re
import subprocess

import pytest

from tests.faults.invariants.every import CHECKS
from tests.faults.ledger import CHANGED, COLUMNS, LEDGER
from tests.faults.scenario import all_scenarios
from tests.support.addresses import ROOT

PAGE = (ROOT / "docs" / "faults.md").read_text()
KILLS = 500
NAMED = set(re.findall(r"^\| ([FI]\d+) \|", PAGE, re.MULTILINE))


def test_every_fault_that_is_played_stands_on_the_page() -> None:
    assert {scenario.fault for scenario in all_scenarios()} <= NAMED


def test_the_page_lists_every_scenario_and_the_forms_that_play_it() -> None:
    forms = {True: "long", False: "short and long"}
    assert _listed() == {scenario.title: forms[scenario.only_long] for scenario in all_scenarios()}


def test_every_invariant_that_is_checked_stands_on_the_page() -> None:
    assert {check.__name__.partition("_")[0].upper() for check in CHECKS} <= NAMED


def test_every_row_of_the_ledger_tells_of_a_fault_on_the_page() -> None:
    rows = _rows()
    assert tuple(rows[0]) == COLUMNS
    assert {_fault(row) for row in rows} <= NAMED
    assert all(int(row["kills"]) >= 0 and int(row["operations"]) >= 0 and float(row["hours"]) > 0 for row in rows)


def test_every_scenario_on_the_page_ran_clean_at_least_once() -> None:
    assert {row["fault"] for row in _rows() if _is_clean(row)} == _listed().keys()


def test_the_services_were_killed_five_hundred_times() -> None:
    assert sum(int(row["kills"]) for row in _rows()) >= KILLS


def test_every_violation_in_the_ledger_is_told_with_the_commit_that_mended_it() -> None:
    assert {(_fault(row), row["seed"]) for row in _rows() if int(row["violations"])} <= {
        (fault, seed) for fault, seed, _ in _mended()
    }


def test_the_page_says_which_violations_have_no_row_in_the_ledger() -> None:
    (said,) = re.findall(r"^Without a row in the ledger: (.+?)\.", PAGE, re.MULTILINE)
    with_a_row = {(_fault(row), row["seed"]) for row in _rows() if int(row["violations"])}
    assert set(said.split(", ")) == {fault for fault, seed, _ in _mended() if (fault, seed) not in with_a_row}


def test_after_a_violation_the_same_fault_and_seed_ran_clean_or_it_is_told_as_open() -> None:
    last = {(row["fault"], row["seed"]): _is_clean(row) for row in _rows()}
    assert {told for told, is_clean in last.items() if not is_clean} == set(_open())


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="the history is not here")
def test_what_mended_a_violation_is_part_of_this_version() -> None:
    for one in {commit for _, _, commit in _mended()}:
        subprocess.run(["git", "merge-base", "--is-ancestor", one, "HEAD"], cwd=ROOT, check=True)


def _listed() -> dict[str, str]:
    """Return the form of each scenario on the page, by its title."""
    rows = re.findall(r"^\| (F\d+) \| ([^|]+) \| (short and long|long) \|$", PAGE, re.MULTILINE)
    return {f"{fault} {name}": form for fault, name, form in rows}


def _rows() -> list[dict[str, str]]:
    return list(csv.DictReader(LEDGER.read_text().splitlines()))


def _open() -> list[tuple[str, str]]:
    """Return fault and seed of each violation that is not mended yet."""
    section = PAGE.partition("## What is open")[2].partition("\n## ")[0]
    return re.findall(r"^\| (F\d+ [^|]+) \| (\d+) \|", section, re.MULTILINE)


def _is_clean(row: dict[str, str]) -> bool:
    """Tell whether nothing was violated, in code that others can check out."""
    return not int(row["violations"]) and not row["commit"].endswith(CHANGED)


def _fault(row: dict[str, str]) -> str:
    return row["fault"].split()[0]


def _mended() -> list[tuple[str, str, str]]:
    section = PAGE.partition("## What was found, and mended")[2].partition("\n## ")[0]
    rows = [re.split(r" *\| *", line) for line in section.splitlines() if line.startswith("| F")]
    return [(fault, seed, commit) for _, fault, seed, _, commit, _ in rows]
