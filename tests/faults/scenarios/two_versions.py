"""F20: an earlier version works as its databases are migrated, beside this one, alone again, and is not missed."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from onebox.configuration import SERVICES
from onebox.up import MIGRATIONS
from shared.db.migrate import migrate
from shared.web.service import SHARED_MIGRATIONS
from tests.faults.injectors.wider_events import widen_unsent
from tests.faults.lock_watch import watching_locks
from tests.faults.post_office import COUNTERS, PostOffice
from tests.faults.recovery_bounds import LOCKED
from tests.faults.run import Play, Run
from tests.faults.scenario import Scenario
from tests.faults.scenarios.stopped_in_order import replace_one, stop_one
from tests.support.addresses import ROOT
from tests.system.stack import PASSPHRASE, Launch

PINNED = "95de197"
"""An earlier commit that holds every mending of docs/faults.md which two versions side by side can need, and that is of
before migrations which are there now; move it on with each release. Tracking hears in this one what holds items at the
border: one that did not would pass over what the load waits for."""
TOGETHER_S = 3.0
MIGRATED_WITHIN_S = 10.0
LONGEST_CALL_S = 2.0
"""A migration waits for no lock longer than a second, and holds none longer."""
LOADED_WITHIN_S = 60.0
SAMPLES = """
import asyncio
import sys

from onebox.simulator.network import made_up_offices, network_of
from services.parcel.setup.entrypoints.samples import load

url, passphrase, counters = sys.argv[1:]
asyncio.run(load(url, passphrase, made_up_offices(network_of(int(counters)))))
"""
"""The earlier version writes its own samples: this one knows columns that are not there yet."""
WAITING = 10
"""So many events wait when those among them that are not sealed get a field more."""
EARLIER, THIS = 0, 1
"""Which replica runs which version."""


@asynccontextmanager
async def beside_an_earlier_version(office: PostOffice) -> AsyncIterator[Play]:
    """Check the earlier version out, for as long as it is played, and begin with its databases."""
    with tempfile.TemporaryDirectory(prefix="ctcpost-pinned-") as folder:
        tree = Path(folder) / PINNED
        _git("worktree", "add", "--detach", str(tree), PINNED)
        try:
            await _go_back(office, tree)
            yield lambda run: _roll_on_and_back(run, tree)
        finally:
            _git("worktree", "remove", "--force", str(tree))


async def _go_back(office: PostOffice, tree: Path) -> None:
    """Give the post office databases as the earlier version made them, and let it be the first that runs."""
    stack = office.stack
    stack.databases = await office.servers.fresh()
    for service in SERVICES:
        shared = [tree / folder.relative_to(ROOT) for folder in SHARED_MIGRATIONS]
        await migrate(stack.databases[service].owner, [*shared, tree / MIGRATIONS[service].relative_to(ROOT)])
    await _load_samples(tree, stack.databases["parcel"].service)
    office.tree = tree


async def _load_samples(tree: Path, url: str) -> None:
    loading = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SAMPLES, url, PASSPHRASE, str(COUNTERS), cwd=tree, env={**os.environ, "PYTHONPATH": "."}
    )
    async with asyncio.timeout(LOADED_WITHIN_S):
        if status := await loading.wait():
            raise RuntimeError(f"{PINNED} could not load its samples: status {status}.")


async def _roll_on_and_back(run: Run, tree: Path) -> None:
    """Migrate under the earlier version; have both work, this one alone, so back, and on again: nobody may notice.

    This version is the one that comes to rest: what it alone knows of waits while the earlier one works.
    """
    ours = [Launch(service, THIS, run.office.environment) for service in SERVICES]
    earlier = [Launch(service, EARLIER, run.office.environment, tree=tree) for service in SERVICES]
    turns = [(ours, earlier), (earlier, ours), (ours, earlier)]
    _must_run(run, earlier)
    async with run.window("versions taking over from each other", floor=20, unnoticed=True):
        await _expand(run)
        for started, stopped in turns:
            for launch in started:
                await replace_one(run, launch)
            _must_run(run, started)
            await _widen_events(run)
            await _work(run, "both versions")
            for launch in stopped:
                await stop_one(run, launch.name)
            await _work(run, f"{'the earlier' if started is earlier else 'this'} version alone")


async def _widen_events(run: Run) -> None:
    """Have events of both sources carry a field that neither version knows; they must be applied like all others."""
    for service in ("parcel", "tracking"):
        async with run.window(f"events of {service} held back and widened", floor=0, outage=True):
            widened = await widen_unsent(run.office.stack.databases[service].service, WAITING)
        run.must(widened, f"F20 no event of {service} carried a field more")


def _must_run(run: Run, launches: Sequence[Launch]) -> None:
    """Hold processes to the source that they were started from; else both versions could be one."""
    for launch in launches:
        source = Path(f"/proc/{run.office.stack.pid(launch.service, launch.replica)}/cwd").resolve()
        run.must(source == launch.tree.resolve(), f"F20 {launch.name} runs {source} in place of {launch.tree}")


async def _expand(run: Run) -> None:
    """Run this version's migrations while the earlier one works; it goes on with the new schema as with the old."""
    seen, began_at, migrated = len(run.history.calls), time.monotonic(), list[str]()
    for service in SERVICES:
        owner = run.office.stack.databases[service].owner
        async with watching_locks(owner) as locks:
            migrated += await migrate(owner, [*SHARED_MIGRATIONS, MIGRATIONS[service]])
        for table, held_s in locks.held_s.items():
            run.must(held_s <= LOCKED.here, f"F20 {table} of {service} was locked for {held_s:.2f} s")
    took_s = time.monotonic() - began_at
    run.must(migrated, f"F20 {PINNED} lacks no migration: pin a commit of before the latest one")
    run.must(took_s <= MIGRATED_WITHIN_S, f"F20 the migrations took {took_s:.1f} s under load")
    await _work(run, "the earlier version alone with the new schema")
    slowest_s = max(call.ended_at - call.sent_at for call in run.history.calls[seen:])
    run.must(slowest_s <= LONGEST_CALL_S, f"F20 a call took {slowest_s:.1f} s as the schema was migrated")


async def _work(run: Run, who: str) -> None:
    async with run.window(f"{who} at work", floor=20):
        await asyncio.sleep(TOGETHER_S * run.rounds)


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
