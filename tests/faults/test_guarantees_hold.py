"""Every registered fault in its short form: load, fault, heal, drain, and no invariant violated."""

import os
import random
import shlex
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.faults.own_servers import OwnServers
from tests.faults.playable import leave_out
from tests.faults.run import run
from tests.faults.scenario import Scenario, all_scenarios
from tests.support.addresses import ROOT

SEED_VARIABLE = "CTCPOST_FAULT_SEED"
SEED = int(os.environ.get(SEED_VARIABLE, random.randrange(1_000_000)))


def marked(scenario: Scenario) -> object:
    marks = [pytest.mark.long] if scenario.only_long else []
    return pytest.param(scenario, id=scenario.title, marks=marks)


@pytest.mark.parametrize("scenario", [marked(scenario) for scenario in all_scenarios()])
async def test_the_guarantees_hold(scenario: Scenario, fault_servers: OwnServers, servers_folder: Path) -> None:
    if why := scenario.why_not():
        leave_out(why)
    # Not a folder of pytest's, which later runs would remove.
    folder = Path(tempfile.mkdtemp(prefix="ctcpost-fault-"))
    async with scenario.servers(servers_folder, fault_servers) as servers:
        report = await run(scenario.plan(SEED), servers, folder / "run")
    print(
        f"{scenario.title}: {report.kills} kills, {report.operations} calls, {report.took_s:.0f} s,"
        f" drained in {report.drained_s:.1f} s"
    )
    test = shlex.quote(f"{Path(__file__).relative_to(ROOT)}::test_the_guarantees_hold[{scenario.title}]")
    replay = f"{SEED_VARIABLE}={SEED} pytest {test}; history and logs: {report.folder}"
    assert report.violations == [], replay
    shutil.rmtree(folder)
