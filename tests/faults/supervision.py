"""What a supervisor does, and nothing more: a process that ended is started again, one that is stuck is ended."""

import asyncio
import signal
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.system.stack import READY_WITHIN_S, Launch, Stack

LOOK_EVERY_S = 5.0
STUCK_LOOKS = 3
"""So often in a row a process must say that it does not live."""


@dataclass(frozen=True, slots=True)
class Death:
    """A process ended; `meant` says that the fault did it. Times are of the monotonic clock."""

    name: str
    returncode: int
    at: float
    meant: bool
    trap: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """A process was asked to end in order, by the monotonic clock."""

    name: str
    at: float


@dataclass(frozen=True, slots=True)
class Start:
    """A process answered so many seconds after it was started."""

    name: str
    after_s: float
    waited_s: float
    """So long of them it could have run, and others had the processors."""
    again: bool
    """It took the place of one that had died."""
    at: float
    """When it answered, by the monotonic clock."""

    @property
    def own_s(self) -> float:
        """Return how long it takes on a machine that has a processor for it."""
        return self.after_s - self.waited_s


@dataclass(slots=True)
class Supervisor:
    """Keeps every process of a stack running that was not stopped on purpose."""

    stack: Stack
    deaths: list[Death] = field(default_factory=list)
    stops: list[Stop] = field(default_factory=list)
    starts: list[Start] = field(default_factory=list)
    """Those that came to an answer."""
    _watches: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _meant: set[str] = field(default_factory=set)
    _stuck: set[str] = field(default_factory=set)
    """Those that it ended because they were stuck: no fault did it."""
    _traps: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))

    async def keep(self, launch: Launch) -> None:
        """Start a process and keep it running from now on."""
        await self.stack.launch(launch)
        self._watches[launch.name] = asyncio.create_task(self._watch(launch))

    async def kill(self, name: str) -> None:
        """End a process; it is started again like any other."""
        while not self.stack.runs(name):
            await asyncio.sleep(0.01)
        self._meant.add(name)
        self.stack.processes[name].kill()
        await self.stack.processes[name].wait()

    async def until_ended(self, name: str, within_s: float) -> None:
        """Wait until the fault has killed a process by other means than ours; an end of another kind is not meant.

        Raises: TimeoutError, if it runs on.
        """
        self._meant.add(name)
        process = self.stack.processes[name]
        try:
            async with asyncio.timeout(within_s):
                await process.wait()
        except TimeoutError:
            self._meant.discard(name)
            raise TimeoutError(f"nothing ended {name} within {within_s:.0f} s") from None

    async def trap(self, name: str, traps: Sequence[str]) -> int:
        """Have a process started again with the first of these failpoints, and after each death with the next.

        Returns how many deaths there were before.
        """
        self._traps[name] = deque(traps)
        await self.kill(name)
        return len(self.deaths)

    async def until_dead_at(self, name: str, trap: str, since: int, within_s: float) -> None:
        """Wait until a process has died at a failpoint, after so many deaths.

        Raises: TimeoutError, if it did not come there; then it runs on with its failpoint.
        """
        try:
            async with asyncio.timeout(within_s):
                while not any(death.name == name and death.trap == trap for death in self.deaths[since:]):
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise TimeoutError(f"{name} did not come to {trap} within {within_s:.0f} s") from None

    async def stop(self, name: str) -> tuple[int, float]:
        """Ask a process to stop and let it rest; returns its exit status and how long that took."""
        launch = self.stack.launches[name]
        await self.release(name)
        began_at = time.monotonic()
        return await self.stack.stop(launch.service, launch.replica), time.monotonic() - began_at

    async def release(self, name: str) -> None:
        """Watch a process no longer, so that it may be stopped."""
        self.stops.append(Stop(name, time.monotonic()))
        watch = self._watches.pop(name)
        watch.cancel()
        with suppress(asyncio.CancelledError):
            await watch

    async def until_all_ready(self, within_s: float = READY_WITHIN_S) -> list[str]:
        """Wait until every kept process can answer; returns those that could not in time."""
        waiting = set(self._watches)
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while waiting:
                    launches = [self.stack.launches[name] for name in waiting]
                    waiting = {one.name for one in launches if not await self.stack.ready(one.service, one.replica)}
                    await asyncio.sleep(0.05)
        return sorted(waiting)

    async def _watch(self, launch: Launch) -> None:
        again = False
        while True:
            looking = asyncio.create_task(self._look_after(launch, time.monotonic(), again=again))
            try:
                returncode = await self.stack.processes[launch.name].wait()
            finally:
                looking.cancel()
            self._note(launch.name, returncode)
            traps = self._traps[launch.name]
            await self.stack.launch(launch.trapped(traps.popleft() if traps else ""))
            again = True

    def _note(self, name: str, returncode: int) -> None:
        ordered, killed = name in self._meant, returncode == -signal.SIGKILL and name not in self._stuck
        self._meant.discard(name)
        self._stuck.discard(name)
        trap = self.stack.launches[name].trap if killed and not ordered else ""
        self.deaths.append(Death(name, returncode, time.monotonic(), killed and (ordered or bool(trap)), trap))

    async def _look_after(self, launch: Launch, began_at: float, *, again: bool) -> None:
        while not await self.stack.ready(launch.service, launch.replica):
            await asyncio.sleep(0.05)
        waited_s = waited_for_a_processor_s(self.stack.processes[launch.name].pid)
        at = time.monotonic()
        self.starts.append(Start(launch.name, at - began_at, waited_s, again, at))
        stuck = 0
        while stuck < STUCK_LOOKS:
            await asyncio.sleep(LOOK_EVERY_S)
            stuck = stuck + 1 if await self._says_dead(launch) else 0
        # Whoever reads the deaths is to see that it was stuck.
        self._stuck.add(launch.name)
        self.stack.processes[launch.name].kill()

    async def _says_dead(self, launch: Launch) -> bool:
        return await self.stack.health("live", launch.service, launch.replica) == 503


def waited_for_a_processor_s(pid: int) -> float:
    """Return how long the main thread of a process waited for a processor; nothing where the kernel does not tell.

    Source: Documentation/scheduler/sched-stats of Linux.
    """
    with suppress(OSError):
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    return 0.0


@asynccontextmanager
async def supervised(stack: Stack) -> AsyncIterator[Supervisor]:
    """Keep the processes of a stack running while the block lasts; all of them are stopped at its end."""
    supervisor = Supervisor(stack)
    try:
        yield supervisor
    finally:
        for name in list(supervisor._watches):
            await supervisor.release(name)
        await stack.stop_all()
