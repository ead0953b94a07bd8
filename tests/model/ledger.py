"""docs/model-ledger.csv: one row for each run of the long form, those included that found something."""

import csv
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from tests.faults.ledger import commit
from tests.model.exploring import Played
from tests.support.addresses import ROOT

LEDGER = ROOT / "docs" / "model-ledger.csv"


@dataclass(frozen=True, slots=True)
class Row:
    """One run; the columns of the ledger in their order."""

    date: str
    commit: str
    seed: int
    histories: int
    steps: int
    hours: str
    violations: int


def row(seed: int, played: Played, took_s: float, violations: int) -> Row:
    """Return the row of a run that ended now."""
    date = f"{datetime.now(UTC):%Y-%m-%d}"
    return Row(date, commit(), seed, played.histories, played.steps, f"{took_s / 3600:.4f}", violations)


def append(one: Row, ledger: Path = LEDGER) -> None:
    """Write a row behind the others."""
    new = not ledger.exists()
    with ledger.open("a", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(field.name for field in fields(Row))
        writer.writerow(astuple(one))
