"""Every registered fault in its short form: load, fault, heal, drain, and no invariant violated."""

import os
import random
from pathlib import Path

import pytest

from tests.faults.own_servers import OwnServers
from tests.faults.run import run
from tests.faults.scenario import Scenario, all_scenarios

SEED_VARIABLE = "CTCPOST_FAULT_SEED"
SEED = int(os.environ.get(SEED_VARIABLE, random.randrange(1_000_000)))


def marked(scenario: Scenario) -> object:
    marks = [pytest.mark.long] if scenario.only_long else []
    if why := scenario.why_not():
        marks.append(pytest.mark.skip(reason=why))
    return pytest.param(scenario, id=scenario.title, marks=marks)


@pytest.mark.parametrize("scenario", [marked(scenario) for scenario in all_scenarios()])
async def test_the_guarantees_hold(
    scenario: Scenario, fault_servers: OwnServers, servers_folder: Path, tmp_path: Path
) -> None:
    async with scenario.servers(servers_folder, fault_servers) as servers:
        report = await run(scenario.plan(SEED), servers, tmp_path / "run")
    print(
        f"{report.kills} kills, {report.operations} calls, {report.took_s:.0f} s, drained in {report.drained_s:.1f} s"
    )
    replay = f"{SEED_VARIABLE}={SEED} pytest '{__file__}' -k '{scenario.title}'; history and logs: {report.folder}"
    assert report.violations == [], replay
