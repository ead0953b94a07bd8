"""Many more histories than CI has time for, on all cores; none was played before, and the ledger tells of each run."""

import csv
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.model import ledger, many
from tests.model.exploring import ROUND, Played

MANY = int(os.environ.get("CTCPOST_MODEL_MANY", "200000"))


@pytest.mark.long
@pytest.mark.histories
def test_what_is_promised_is_kept_in_many_more_histories(fresh_seed: int) -> None:
    played, began_at = Played(), time.monotonic()
    try:
        with ProcessPoolExecutor(many.CORES, mp_context=get_context("spawn")) as pool:
            many.play_many(pool, fresh_seed, MANY, played)
    except Exception:
        ledger.append(ledger.row(fresh_seed, played, time.monotonic() - began_at, 1))
        raise
    # A run that somebody stops has no end to tell of.
    ledger.append(ledger.row(fresh_seed, played, time.monotonic() - began_at, 0))


@pytest.fixture
def ten_each(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[int]]:
    portions: list[int] = []

    def ten(portion: int) -> Played:
        portions.append(portion)
        if portion == 3 + 9 * ROUND:
            raise AssertionError(portion)
        return Played(histories=10, hurt=5, steps=60)

    monkeypatch.setattr(many, "play_portion", ten)
    return lambda: sorted(portions)


def test_portions_are_played_one_after_another_until_there_are_enough(ten_each: Callable[[], list[int]]) -> None:
    played = Played()
    with ThreadPoolExecutor(1) as pool:
        many.play_many(pool, 7, 35, played)
    assert played.histories >= 35
    assert played.steps == 6 * played.histories
    assert ten_each()[:4] == [7 + ROUND * place for place in range(4)]


def test_what_one_portion_finds_ends_the_run(ten_each: Callable[[], list[int]]) -> None:
    with ThreadPoolExecutor(1) as pool, pytest.raises(AssertionError):
        many.play_many(pool, 3, 1_000, Played())
    assert 10 <= len(ten_each()) <= 10 + 2 * many.CORES


def test_a_new_ledger_begins_with_its_columns(tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    for seed in (1, 2):
        ledger.append(ledger.row(seed, Played(10, 5, 60), 90.0, 0), file)
    rows = list(csv.DictReader(file.read_text().splitlines()))
    assert list(rows[0]) == ["date", "commit", "seed", "histories", "steps", "hours", "violations"]
    assert [(one["seed"], one["histories"], one["hours"]) for one in rows] == [(f"{n}", "10", "0.0250") for n in (1, 2)]
