"""The long form plays what it is asked for, each at least once, goes on after what fails, and says of which commit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest

from tests.faults import ledger
from tests.faults import long_form as module
from tests.faults.own_servers import OwnServers
from tests.faults.run import Report
from tests.faults.scenario import Scenario, all_scenarios
from tests.faults.turns import Hours, Turn

NOBODY_LOOKS = cast("OwnServers", None)
CHOSEN = all_scenarios()[:3]


@asynccontextmanager
async def _servers(_folder: Path) -> AsyncIterator[OwnServers]:
    yield NOBODY_LOOKS


@asynccontextmanager
async def _servers_that_do_not_start(_folder: Path, _shared: OwnServers) -> AsyncIterator[OwnServers]:
    raise TimeoutError("no answer")
    yield NOBODY_LOOKS


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> list[ledger.Row]:
    rows: list[ledger.Row] = []
    monkeypatch.setattr(ledger, "append", rows.append)
    monkeypatch.setattr(module, "own_servers", _servers)
    return rows


@pytest.mark.parametrize(("calls", "violations"), [(200, []), (200, ["I4 something is lost"]), (0, ["no verdict"])])
async def test_each_fault_is_played_though_the_time_is_over_and_one_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, rows: list[ledger.Row], calls: int, violations: list[str]
) -> None:
    played: list[Turn] = []

    async def play_one(turn: Turn, _shared: OwnServers, folder: Path) -> Report:
        played.append(turn)
        folder.mkdir()
        return Report(3, calls, 30.0, 1.0, 1.0, violations, folder)

    monkeypatch.setattr(module, "play_one", play_one)
    bad = await module.play_all(CHOSEN, 42, Hours(0.0, len(CHOSEN)), tmp_path)

    assert sorted(turn.scenario.title for turn in played) == sorted(one.title for one in CHOSEN)
    assert bad == (played if violations else [])
    assert [(row.fault, row.seed) for row in rows] == [(turn.scenario.title, turn.seed) for turn in played]
    assert {(row.kills, row.violations, row.commit) for row in rows} == {(3, len(violations), ledger.commit())}
    assert rows[0].seed == 42


async def test_what_fails_says_how_to_play_it_again(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, rows: list[ledger.Row]
) -> None:
    broken = Scenario("F1", "no servers", servers=_servers_that_do_not_start)
    await module.play_all([broken], 7, Hours(0.0, 1, rounds=3), tmp_path)
    said = capsys.readouterr().out
    assert 'make faults ONLY="F1 no servers" SEED=7 ROUNDS=3 MINUTES=0.1' in said
    assert "1 of 1: F1 no servers, seed 7" in said
    assert len(rows) == 1


async def test_a_run_that_crashes_is_one_violation(tmp_path: Path) -> None:
    scenario = Scenario("F1", "no servers", servers=_servers_that_do_not_start)
    report = await module.play_one(Turn(0, scenario, 1, 1), NOBODY_LOOKS, tmp_path)
    assert report.violations == ["TimeoutError before the verdict: no answer"]
    assert (report.kills, report.operations) == (0, 0)
