"""A script of several sessions, played on PostgreSQL or on its stand-in: what each step gave, and which waited."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

Work = Callable[[Any], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Step:
    """What one session does next: some work in a transaction of its own, or the end of that transaction."""

    session: int
    name: str
    work: Work | None = None


class Undone(Exception):
    """Rolls a transaction back."""


@dataclass(eq=False, slots=True)
class Session:
    """One transaction after another."""

    database: Any
    tx: Any = None
    task: "asyncio.Task[object] | None" = None
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def begin(self, work: Work) -> None:
        """Open a transaction and let it work."""
        self.tx = await self.stack.enter_async_context(self.database.transaction())
        self.task = asyncio.get_running_loop().create_task(_run(work, self.tx))

    async def end(self, *, commit: bool) -> None:
        """Commit or roll back."""
        stack, self.stack, self.tx = self.stack, AsyncExitStack(), None
        if commit:
            await stack.aclose()
        else:
            await stack.__aexit__(Undone, Undone(), None)

    def gave(self) -> str | None:
        """Return what the work gave, once, when it is done."""
        if self.task is None or not self.task.done():
            return None
        task, self.task = self.task, None
        return repr(task.result())


Quiet = Callable[[Session], Awaitable[None]]
"""Returns when a session's work is done, or waits for another session."""


async def play(database: Any, script: Sequence[Step], sessions: int, quiet: Quiet) -> list[str]:
    """Play a script; a session that waits takes no step until it goes on. In the end all is committed."""
    log: list[str] = []
    every = [Session(database) for _ in range(sessions)]
    ends = [Step(number, "commit") for _ in range(sessions) for number in range(sessions)]
    for step in [*script, *ends]:
        session = every[step.session]
        if session.task is None and (session.tx is None) == (step.work is not None):
            log.append(f"{step.session} {step.name}")
            if step.work:
                await session.begin(step.work)
            else:
                await session.end(commit=step.name == "commit")
            for number, one in enumerate(every):
                if one.task:
                    await quiet(one)
                    log.append(f"{number}: {one.gave() or 'waits'}")
    return log


async def _run(work: Work, tx: Any) -> object:
    return await work(tx)
