"""The long form: every fault asked for at least once, then again while there is time; the ledger is told."""

import asyncio
import shutil
import signal
import time
from collections.abc import Sequence
from pathlib import Path

from tests.faults import ledger
from tests.faults.own_servers import OwnServers, own_servers
from tests.faults.run import Report, run
from tests.faults.scenario import Scenario
from tests.faults.turns import Hours, Turn, turns


async def play_all(chosen: Sequence[Scenario], seed: int, hours: Hours, folder: Path) -> list[Turn]:
    """Play faults until the time is over, or until a signal; returns the turns in which a guarantee did not hold."""
    this_task = asyncio.current_task()
    assert this_task is not None
    # Services and servers that nobody stops would go on, and be in the way of whatever is measured next.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, this_task.cancel)
    bad, to_come = list[Turn](), turns(chosen, seed, hours)
    turn: Turn | None = next(to_come)
    while turn is not None:
        # A run that crashed may have left its servers in any state: others take their place.
        whole = True
        async with own_servers(folder / f"servers-{turn.number}") as shared:
            while turn is not None and whole:
                report = await _play(turn, hours, shared, folder)
                bad += [turn] if report.violations else []
                whole, following = report.operations > 0, next(to_come)
                turn = following if hours.has_time_for(following) else None
    return bad


async def _play(turn: Turn, hours: Hours, shared: OwnServers, folder: Path) -> Report:
    """Play one fault; it has its row in the ledger when it is over, whatever came of it."""
    left = f"{max(0.0, hours.left_s) / 60:6.1f} min left"
    place = f"{turn.number + 1} of {hours.faults}" if turn.number < hours.faults else "once more"
    print(f"{left}  {place}: {turn.scenario.title}, seed {turn.seed}, {turn.rounds} rounds", flush=True)
    commit, began_at = ledger.commit(), time.monotonic()
    report = await play_one(turn, shared, folder / f"{turn.number}-{turn.scenario.fault}")
    hours.took_s[turn.scenario.title] = time.monotonic() - began_at
    title, bad = turn.scenario.title, len(report.violations)
    ledger.append(ledger.row(title, turn.seed, report.kills, report.took_s, report.operations, bad, commit))
    _tell(turn, report)
    return report


async def play_one(turn: Turn, shared: OwnServers, folder: Path) -> Report:
    """Play a fault in its long form; a run that ends before its verdict is one violation."""
    began_at = time.monotonic()
    try:
        async with turn.scenario.servers(folder / "servers", shared) as servers:
            return await run(turn.scenario.plan(turn.seed, turn.rounds), servers, folder)
    except Exception as error:  # noqa: BLE001  # whatever it was, it is a row of the ledger, and the others follow
        crashed = f"{type(error).__name__} before the verdict: {error}"
        return Report(0, 0, time.monotonic() - began_at, 0.0, 0.0, [crashed], folder)


def _tell(turn: Turn, report: Report) -> None:
    kills, calls, bad = report.kills, report.operations, report.violations
    print(
        f"{'':18}{kills} kills, {calls} calls in {report.took_s:.0f} s, drained in {report.drained_s:.1f} s, "
        f"slowest start {report.slowest_start_s:.1f} s, {len(bad)} violations",
        flush=True,
    )
    for violation in bad[:20]:
        print(f"{'':18}{violation}", flush=True)
    if bad:
        print(f"{'':18}{turn.again}", flush=True)
    else:
        shutil.rmtree(report.folder, ignore_errors=True)
