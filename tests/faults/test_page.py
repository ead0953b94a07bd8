"""docs/faults.md and the ledger, held against the faults that can be played."""

import csv
import re

from tests.faults.invariants.every import CHECKS
from tests.faults.ledger import COLUMNS, LEDGER
from tests.faults.scenario import all_scenarios
from tests.support.addresses import ROOT

PAGE = (ROOT / "docs" / "faults.md").read_text()
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


def test_every_violation_in_the_ledger_was_mended() -> None:
    mended = [
        line.split("|") for line in PAGE.partition("## What was found, and mended")[2].splitlines() if "|" in line
    ]
    named = {(fault, seed) for line in mended for fault in line[1].split(",") for seed in line[2].split(",")}
    named = {(fault.strip(), seed.strip()) for fault, seed in named}
    rows = list(csv.DictReader(LEDGER.read_text().splitlines()))
    bad = {(row["fault"].split()[0], row["seed"]) for row in rows if int(row["violations"])}
    assert bad <= named
