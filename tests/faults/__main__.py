"""`make faults`: the faults one after another for as long as one likes, each run a row of the ledger."""

import argparse
import asyncio
import random
import shutil
import signal
import sys
import tempfile
import time
from itertools import cycle
from pathlib import Path

from tests.faults import ledger
from tests.faults.own_servers import OwnServers, own_servers
from tests.faults.run import Report, run
from tests.faults.scenario import Scenario, all_scenarios

ROUNDS = 4
"""A fault of several rounds has so many times more of them than in CI."""


async def play_all(chosen: list[Scenario], seed: int, minutes: float, folder: Path) -> int:
    """Cycle through faults until the time is over, or until a signal; returns how many violations there were."""
    this_task = asyncio.current_task()
    assert this_task is not None
    # Services and servers that nobody stops would go on, and be in the way of whatever is measured next.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this_task.cancel)
    ends_at, chance = time.monotonic() + minutes * 60, random.Random(seed)
    found, played, turns = 0, 0, enumerate(cycle(chosen), start=1)
    # However short the time: what was asked for is played once, and is not called good without that.
    while not played or time.monotonic() < ends_at:
        # A run that crashed may have left its servers in any state: others take their place.
        whole = True
        async with own_servers(folder / f"servers-{found}") as shared:
            while whole and (not played or time.monotonic() < ends_at):
                number, scenario = next(turns)
                left_s = max(0.0, ends_at - time.monotonic())
                print(f"{left_s / 60:6.1f} min left  {scenario.title}, seed {seed}", flush=True)
                commit = ledger.commit()
                report = await play_one(scenario, seed, shared, folder / f"{number}-{scenario.fault}")
                played += 1
                found, whole = found + len(report.violations), report.operations > 0
                _tell(scenario, seed, report, commit)
                seed = chance.randrange(1_000_000)
    return found


async def play_one(scenario: Scenario, seed: int, shared: OwnServers, folder: Path) -> Report:
    """Play a fault in its long form; a run that ends before its verdict is one violation."""
    began_at = time.monotonic()
    try:
        async with scenario.servers(folder / "servers", shared) as servers:
            return await run(scenario.plan(seed, ROUNDS), servers, folder)
    except Exception as error:  # noqa: BLE001  # whatever it was, it is a row of the ledger, and the others follow
        crashed = f"{type(error).__name__} before the verdict: {error}"
        return Report(0, 0, time.monotonic() - began_at, 0.0, 0.0, [crashed], folder)


def _tell(scenario: Scenario, seed: int, report: Report, commit: str) -> None:
    kills, calls, bad = report.kills, report.operations, report.violations
    ledger.append(ledger.row(scenario.title, seed, kills, report.took_s, calls, len(bad), commit))
    print(
        f"{'':18}{kills} kills, {calls} calls in {report.took_s:.0f} s, drained in {report.drained_s:.1f} s, "
        f"slowest start {report.slowest_start_s:.1f} s, {len(bad)} violations",
        flush=True,
    )
    for violation in bad[:20]:
        print(f"{'':18}{violation}", flush=True)
    if bad:
        print(f'{"":18}make faults ONLY="{scenario.title}" SEED={seed} MINUTES=0.1', flush=True)
    else:
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
    try:
        found = asyncio.run(play_all(chosen, asked.seed, asked.minutes, folder))
    except asyncio.CancelledError:
        print("Stopped; the fault that was being played has no row.")
        return 130
    print(f"{found} violations")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
