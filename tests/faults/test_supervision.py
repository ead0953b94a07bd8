"""Whose death was meant: the fault's victims, who are killed as it kills, and nobody else."""

import asyncio
import signal
import sys
from types import SimpleNamespace
from typing import cast

import pytest

from tests.faults import supervision as module
from tests.faults.supervision import Supervisor
from tests.system.stack import Launch, Stack

TRAP = "relay.acknowledged:3"
KILLED = -signal.SIGKILL


@pytest.mark.parametrize(
    ("returncode", "trap", "ordered", "stuck", "meant", "died_at"),
    [
        (KILLED, "", True, False, True, ""),
        (KILLED, TRAP, False, False, True, TRAP),
        (KILLED, TRAP, True, False, True, ""),
        (KILLED, "", False, False, False, ""),
        (1, "", True, False, False, ""),
        (1, TRAP, False, False, False, ""),
        (KILLED, TRAP, False, True, False, ""),
        (KILLED, "", True, True, False, ""),
    ],
    ids=[
        "killed as ordered",
        "killed at a place",
        "killed before it came to its place",
        "killed by nobody knows whom",
        "ended by itself where it was to be killed",
        "ended by itself before its place",
        "stuck before its place",
        "stuck where it was to be killed",
    ],
)
def test_a_death_is_meant_or_is_not(
    returncode: int, trap: str, ordered: bool, stuck: bool, meant: bool, died_at: str
) -> None:
    launch = Launch("parcel").trapped(trap)
    supervisor = Supervisor(cast("Stack", SimpleNamespace(launches={launch.name: launch})))
    supervisor._meant |= {launch.name} if ordered else set()
    supervisor._stuck |= {launch.name} if stuck else set()
    supervisor._note(launch.name, returncode)
    supervisor._note(launch.name, 0)
    assert [(death.meant, death.trap) for death in supervisor.deaths] == [(meant, died_at), (False, "")]


async def test_who_is_ended_because_it_is_stuck_did_not_die_at_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY_S", 0.01)
    launch = Launch("parcel").trapped(TRAP)
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "import time; time.sleep(60)")
    supervisor = Supervisor(cast("Stack", Stuck(launch, process)))
    await supervisor._look_after(launch, 0.0, again=False)
    supervisor._note(launch.name, await process.wait())
    assert [(death.returncode, death.meant, death.trap) for death in supervisor.deaths] == [(KILLED, False, "")]


class Stuck:
    """A stack of one process that once answered, and says ever since that it does not live."""

    def __init__(self, launch: Launch, process: asyncio.subprocess.Process) -> None:
        self.launches = {launch.name: launch}
        self.processes = {launch.name: process}

    async def ready(self, _service: str, _replica: int) -> bool:
        return True

    async def health(self, _kind: str, _service: str, _replica: int) -> int:
        return 503
