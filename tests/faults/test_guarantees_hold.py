"""Every registered fault in its short form: load, fault, heal, drain, and no invariant violated."""

import os
import random
import shlex
import shutil
import tempfile
from pathlib import Path

import pytest

from tests.faults import ledger
from tests.faults.invariants.every import only_late
from tests.faults.own_servers import OwnServers
from tests.faults.playable import leave_out
from tests.faults.run import Report, run
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
    report = await played(scenario, fault_servers, servers_folder / "once")
    if only_late(report.violations):
        print(f"{scenario.title}: played once more, since all that fell short was a time: {report.violations}")
        report = await played(scenario, fault_servers, servers_folder / "again")
    test = shlex.quote(f"{Path(__file__).relative_to(ROOT)}::test_the_guarantees_hold[{scenario.title}]")
    replay = f"{SEED_VARIABLE}={SEED} pytest {test}; history and logs: {report.folder}"
    assert report.violations == [], replay


async def played(scenario: Scenario, shared: OwnServers, servers_folder: Path) -> Report:
    # Not a folder of pytest's, which later runs would remove.
    folder = Path(tempfile.mkdtemp(prefix="ctcpost-fault-"))
    of_commit = ledger.commit()
    async with scenario.servers(servers_folder, shared) as servers:
        report = await run(scenario.plan(SEED), servers, folder / "run")
    print(
        f"{scenario.title}: {report.kills} kills, {report.operations} calls, {report.took_s:.0f} s,"
        f" drained in {report.drained_s:.1f} s"
    )
    if bad := len(report.violations):
        ledger.append(ledger.row(scenario.title, SEED, report.kills, report.took_s, report.operations, bad, of_commit))
    else:
        shutil.rmtree(folder)
    return report
