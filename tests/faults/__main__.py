"""`make faults`: the faults one after another for as long as one likes, each run a row of the ledger."""

import argparse
import asyncio
import random
import shutil
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from itertools import cycle
from pathlib import Path

from tests.faults import ledger
from tests.faults.own_servers import OwnServers, own_servers
from tests.faults.run import Report, run
from tests.faults.scenario import Scenario, all_scenarios

ROUNDS = 4
"""A fault of several rounds has so many times more of them than in CI."""


async def play_all(chosen: list[Scenario], seed: int, minutes: float, folder: Path) -> int:
    """Cycle through faults until the time is over; returns how many violations there were."""
    ends_at, chance, found = time.monotonic() + minutes * 60, random.Random(seed), 0
    async with AsyncExitStack() as opened:
        shared = await opened.enter_async_context(own_servers(folder / "servers"))
        for number, scenario in enumerate(cycle(chosen), start=1):
            left_s = ends_at - time.monotonic()
            if left_s <= 0:
                return found
            one_seed = chance.randrange(1_000_000)
            print(f"{left_s / 60:6.1f} min left  {scenario.title}, seed {one_seed}", flush=True)
            report = await _play(scenario, one_seed, shared, folder / f"{number}-{scenario.fault}")
            found += len(report.violations)
            _tell(scenario, one_seed, report)
    return found


async def _play(scenario: Scenario, seed: int, shared: OwnServers, folder: Path) -> Report:
    async with scenario.servers(folder / "servers", shared) as servers:
        return await run(scenario.plan(seed, ROUNDS), servers, folder)


def _tell(scenario: Scenario, seed: int, report: Report) -> None:
    kills, calls, bad = report.kills, report.operations, report.violations
    ledger.append(ledger.row(scenario.title, seed, kills, report.took_s, calls, len(bad)))
    print(
        f"{'':18}{kills} kills, {calls} calls in {report.took_s:.0f} s, drained in {report.drained_s:.1f} s, "
        f"slowest start {report.slowest_start_s:.1f} s, {len(bad)} violations",
        flush=True,
    )
    for violation in bad[:20]:
        print(f"{'':18}{violation}", flush=True)
    if not bad:
        shutil.rmtree(report.folder)


def _can_be_played(scenario: Scenario) -> bool:
    why = scenario.why_not()
    if why:
        print(f"Left out: {scenario.title}, for {why}")
    return why is None


def main() -> int:
    """Read the command line; the exit status says whether every guarantee held."""
    parser = argparse.ArgumentParser(prog="make faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--only", default="", help="part of a fault's title, such as F4")
    asked = parser.parse_args()
    chosen = [scenario for scenario in all_scenarios() if asked.only in scenario.title and _can_be_played(scenario)]
    if not chosen:
        parser.error(f"no fault is called {asked.only}")
    folder = Path(tempfile.mkdtemp(prefix="ctcpost-faults-"))
    print(f"Seed {asked.seed}; {len(chosen)} faults for {asked.minutes:g} minutes; what fails stays in {folder}")
    found = asyncio.run(play_all(chosen, asked.seed, asked.minutes, folder))
    print(f"{found} violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
