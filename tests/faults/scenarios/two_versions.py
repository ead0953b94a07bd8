"""F20: an earlier version runs beside this one on the same databases and topics, then alone, then neither is missed."""

import asyncio
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from onebox.configuration import SERVICES
from tests.faults.post_office import PostOffice
from tests.faults.run import Play, Run
from tests.faults.scenario import Scenario
from tests.faults.scenarios.stopped_in_order import not_failed, replace_one, stop_one
from tests.support.addresses import ROOT
from tests.system.stack import Launch

PINNED = "f947c48"
"""An earlier commit that holds every mending of docs/faults.md; move it on with each release."""
TOGETHER_S = 5.0
THIS, EARLIER = 0, 1
"""Which replica runs which version."""


@asynccontextmanager
async def beside_an_earlier_version(_office: PostOffice) -> AsyncIterator[Play]:
    """Check the earlier version out, for as long as it is played."""
    with tempfile.TemporaryDirectory(prefix="ctcpost-pinned-") as folder:
        tree = Path(folder) / PINNED
        _git("worktree", "add", "--detach", str(tree), PINNED)
        try:
            yield lambda run: _roll_on_and_back(run, tree)
        finally:
            _git("worktree", "remove", "--force", str(tree))


async def _roll_on_and_back(run: Run, tree: Path) -> None:
    """Have both versions work, then the earlier one alone, then both, then this one alone; nobody may notice."""
    before = len(run.history.calls)
    earlier = [Launch(service, EARLIER, run.office.environment, tree=tree) for service in SERVICES]
    ours = [Launch(service, THIS, run.office.environment) for service in SERVICES]
    for started, stopped in ((earlier, ours), (ours, earlier)):
        for launch in started:
            await replace_one(run, launch)
        async with run.window("both versions work", floor=20):
            await asyncio.sleep(TOGETHER_S * run.rounds)
        for launch in stopped:
            await stop_one(run, launch.name)
        async with run.window(f"{'the earlier' if stopped is ours else 'this'} version works alone", floor=20):
            await asyncio.sleep(TOGETHER_S * run.rounds)
    for call in run.history.calls[before:]:
        run.must(not_failed(call), f"I14 {call.kind} {call.key} failed: {call.status} {call.reason}")


def _why_not() -> str | None:
    known = subprocess.run(
        ["git", "cat-file", "-e", f"{PINNED}^{{commit}}"], cwd=ROOT, capture_output=True, check=False
    )
    return None if known.returncode == 0 else f"the history here does not reach back to {PINNED}"


def _git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True)


SCENARIOS = [
    Scenario(
        "F20",
        "an earlier version beside this one",
        stage=beside_an_earlier_version,
        workers=2,
        seats=2,
        why_not=_why_not,
    )
]
