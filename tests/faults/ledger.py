"""docs/faults-ledger.csv: a row for each run of the long form, and for each of the short form with violations."""

import csv
import subprocess
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from tests.support.addresses import ROOT

LEDGER = ROOT / "docs" / "faults-ledger.csv"


@dataclass(frozen=True, slots=True)
class Row:
    """One run of one fault; the columns of the ledger in their order."""

    date: str
    commit: str
    fault: str
    seed: int
    kills: int
    hours: str
    operations: int
    violations: int


CHANGED = "+"
"""Behind a commit from which files differed."""
COLUMNS = tuple(field.name for field in fields(Row))


def row(
    fault: str, seed: int, kills: int, took_s: float, operations: int, violations: int, of_commit: str | None = None
) -> Row:
    """Return the row of a run that ended now; the commit is the one that was there when it began."""
    date = f"{datetime.now(UTC):%Y-%m-%d}"
    return Row(date, of_commit or commit(), fault, seed, kills, f"{took_s / 3600:.4f}", operations, violations)


def append(one: Row, ledger: Path = LEDGER) -> None:
    """Write a row behind the others."""
    new = not ledger.exists()
    with ledger.open("a", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if new:
            writer.writerow(COLUMNS)
        writer.writerow(astuple(one))


def commit() -> str:
    """Return the commit that is checked out; a plus says that files differ from it, new ones too."""
    short = _git("rev-parse", "--short", "HEAD")
    changed = [line for line in _git("status", "--porcelain").splitlines() if not line.endswith(LEDGER.name)]
    return f"{short}{CHANGED}" if changed else short


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.strip()
