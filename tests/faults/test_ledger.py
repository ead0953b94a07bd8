import csv
from pathlib import Path

from tests.faults import ledger


def test_a_new_ledger_begins_with_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    for seed in (1, 2):
        ledger.append(ledger.row("F2 several killed", seed, 6, 90.0, 1_200, 0), file)
    rows = list(csv.DictReader(file.read_text().splitlines()))
    assert list(rows[0]) == ["date", "commit", "fault", "seed", "kills", "hours", "operations", "violations"]
    assert [(row["seed"], row["hours"]) for row in rows] == [("1", "0.0250"), ("2", "0.0250")]
