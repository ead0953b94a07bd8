"""docs/faults.md and the ledger, held against the faults that can be played."""

import csv
import re

from tests.faults.invariants.every import CHECKS
from tests.faults.ledger import COLUMNS, LEDGER
from tests.faults.scenario import all_scenarios
from tests.support.addresses import ROOT

PAGE = (ROOT / "docs" / "faults.md").read_text()
KILLS = 500
KNOWN_OPEN = {("F4", "470757")}
"""No other violation may stand open, and this one only until it is mended."""
NAMED = set(re.findall(r"^\| ([FI]\d+) \|", PAGE, re.MULTILINE))


def test_every_fault_that_is_played_stands_on_the_page() -> None:
    assert {scenario.fault for scenario in all_scenarios()} <= NAMED


def test_every_invariant_that_is_checked_stands_on_the_page() -> None:
    assert {check.__name__.partition("_")[0].upper() for check in CHECKS} <= NAMED


def test_every_row_of_the_ledger_tells_of_a_fault_on_the_page() -> None:
    rows = list(csv.DictReader(LEDGER.read_text().splitlines()))
    assert tuple(rows[0]) == COLUMNS
    assert {row["fault"].split()[0] for row in rows} <= NAMED
    assert all(int(row["kills"]) >= 0 and int(row["operations"]) >= 0 and float(row["hours"]) > 0 for row in rows)


def test_the_services_were_killed_five_hundred_times() -> None:
    rows = csv.DictReader(LEDGER.read_text().splitlines())
    assert sum(int(row["kills"]) for row in rows) >= KILLS


def test_every_violation_in_the_ledger_is_told_as_mended_or_open() -> None:
    told = {pair for title in ("## What was found, and mended", "## What is open") for pair in _seeds_under(title)}
    rows = list(csv.DictReader(LEDGER.read_text().splitlines()))
    bad = {(row["fault"].split()[0], row["seed"]) for row in rows if int(row["violations"])}
    assert bad <= told
    assert _seeds_under("## What is open") - {("fault", "seed"), ("---", "---")} == KNOWN_OPEN


def _seeds_under(title: str) -> set[tuple[str, str]]:
    section = PAGE.partition(title)[2].partition("\n## ")[0]
    lines = [line.split("|") for line in section.splitlines() if "|" in line]
    return {
        (fault.strip(), seed.strip()) for line in lines for fault in line[1].split(",") for seed in line[2].split(",")
    }
