"""Many more histories than CI has time for, on all cores; none was played before, and the ledger tells of each run."""

import csv
import os
import time
from pathlib import Path

import pytest

from tests.model import ledger
from tests.model.exploring import Played
from tests.model.many import play_many

MANY = int(os.environ.get("CTCPOST_MODEL_MANY", "200000"))


@pytest.mark.long
@pytest.mark.histories
def test_what_is_promised_is_kept_in_many_more_histories(fresh_seed: int) -> None:
    played, began_at, violations = Played(), time.monotonic(), 1
    try:
        play_many(fresh_seed, MANY, played)
        violations = 0
    finally:
        ledger.append(ledger.row(fresh_seed, played, time.monotonic() - began_at, violations))


def ten(_portion: int) -> Played:
    return Played(histories=10, hurt=5, steps=60)


def none(portion: int) -> Played:
    raise AssertionError(portion)


def test_portions_are_played_side_by_side_until_there_are_enough() -> None:
    played = Played()
    play_many(7, 35, played, ten)
    assert (played.histories >= 35, played.steps) == (True, 6 * played.histories)


def test_what_one_portion_finds_ends_the_others() -> None:
    with pytest.raises(AssertionError):
        play_many(7, 10, Played(), none)


def test_a_new_ledger_begins_with_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    for seed in (1, 2):
        ledger.append(ledger.row(seed, Played(10, 5, 60), 90.0, 0), file)
    rows = list(csv.DictReader(file.read_text().splitlines()))
    assert list(rows[0]) == ["date", "commit", "seed", "histories", "steps", "hours", "violations"]
    assert [(one["seed"], one["histories"], one["hours"]) for one in rows] == [
        ("1", "10", "0.0250"),
        ("2", "10", "0.0250"),
    ]
