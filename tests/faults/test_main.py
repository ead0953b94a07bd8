"""The long form plays what it is asked for, at least once, and says of which commit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest

from tests.faults import __main__ as module
from tests.faults import ledger
from tests.faults.own_servers import OwnServers
from tests.faults.run import Report
from tests.faults.scenario import Scenario, all_scenarios


@asynccontextmanager
async def no_servers(_folder: Path) -> AsyncIterator[OwnServers]:
    yield cast("OwnServers", None)


@pytest.mark.parametrize(("violations", "found"), [([], 0), (["I4 something is lost"], 1)])
async def test_a_fault_is_played_though_the_time_is_over_before_it_begins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, violations: list[str], found: int
) -> None:
    played: list[int] = []

    async def play_one(_scenario: Scenario, seed: int, _shared: OwnServers, folder: Path) -> Report:
        played.append(seed)
        folder.mkdir()
        return Report(3, 200, 30.0, 1.0, 1.0, violations, folder)

    rows: list[ledger.Row] = []
    monkeypatch.setattr(module, "own_servers", no_servers)
    monkeypatch.setattr(module, "play_one", play_one)
    monkeypatch.setattr(ledger, "append", rows.append)

    assert await module.play_all([next(iter(all_scenarios()))], 42, 0.0, tmp_path) == found

    assert played == [42]
    assert [(row.seed, row.kills, row.violations, row.commit) for row in rows] == [(42, 3, found, ledger.commit())]
