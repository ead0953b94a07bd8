"""What may befall a call to a server: the process dies, the connection breaks, the call is held; early or late."""

import asyncio
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    """What happens at the call."""

    CRASH = "crash"
    BREAK = "break"
    HOLD = "hold"


@dataclass(slots=True)
class Trap:
    """Waits for the n-th call of an activity; `late` means that the call had its effect, and nobody heard of it."""

    kind: Kind
    late: bool
    left: int


class Mortal(Protocol):
    """A process that calls servers."""

    alive: bool

    def kill(self) -> None:
        """End at once."""


@dataclass(frozen=True, slots=True)
class Activity:
    """Which process calls, and for which of its duties."""

    process: Mortal
    name: str


acting: ContextVar[Activity] = ContextVar("acting")


@dataclass(slots=True)
class Faults:
    """The traps that are set, and the calls that are held."""

    traps: dict[str, Trap] = field(default_factory=dict)
    held: "list[asyncio.Future[None]]" = field(default_factory=list)
    over: bool = False
    """Set at the end: a trap that lies behind a call which still waits springs no more."""
    sprung: int = 0
    """How many traps caught a call."""

    async def before(self, broken: type[Exception]) -> Trap | None:
        """Pass the near side of a call; returns the trap behind it. `broken` is how a lost connection shows."""
        activity = acting.get()
        if not activity.process.alive:
            raise asyncio.CancelledError
        trap = self.traps.get(activity.name)
        if trap is None:
            return None
        if trap.left:
            trap.left -= 1
            return None
        del self.traps[activity.name]
        if trap.late:
            return trap
        await self._spring(trap, activity, broken)
        return None

    async def after(self, trap: Trap | None, broken: type[Exception]) -> None:
        """Pass the far side of a call."""
        activity = acting.get()
        if trap:
            await self._spring(trap, activity, broken)
        if not activity.process.alive:
            raise asyncio.CancelledError

    async def hold(self) -> None:
        """Wait until the call is let go."""
        if self.over:
            return
        future = asyncio.get_running_loop().create_future()
        self.held.append(future)
        await future

    def let_go(self, place: int) -> None:
        """Let one of the held calls go on."""
        self.held = [future for future in self.held if not future.done()]
        if self.held:
            self.held.pop(place % len(self.held)).set_result(None)

    def mend(self) -> None:
        """Take all traps away for good and let everything go on."""
        self.over = True
        self.traps.clear()
        while self.held:
            self.let_go(0)

    async def _spring(self, trap: Trap, activity: Activity, broken: type[Exception]) -> None:
        if self.over:
            return
        self.sprung += 1
        match trap.kind:
            case Kind.CRASH:
                activity.process.kill()
                raise asyncio.CancelledError
            case Kind.BREAK:
                raise broken
            case Kind.HOLD:
                await self.hold()
