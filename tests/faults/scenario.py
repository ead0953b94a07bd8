"""A fault as something that can be played: what it is called, and what it does to a post office under load."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from pathlib import Path

from onebox.simulator.client import ANSWER_WITHIN_S
from tests.faults.own_servers import OwnServers, own_servers
from tests.faults.post_office import PostOffice
from tests.faults.run import Plan, Play, Stage

FOLDER = Path(__file__).parent / "scenarios"

ServersOf = Callable[[Path, OwnServers], AbstractAsyncContextManager[OwnServers]]
"""Runs servers in a folder; those that all faults share may be some of them."""


@asynccontextmanager
async def another_pair(folder: Path, _shared: OwnServers) -> AsyncIterator[OwnServers]:
    """Run a pair of servers for one fault alone."""
    async with own_servers(folder) as servers:
        yield servers


@asynccontextmanager
async def _shared_pair(_folder: Path, shared: OwnServers) -> AsyncIterator[OwnServers]:
    yield shared


@asynccontextmanager
async def _bare(play: Play | None, _office: PostOffice) -> AsyncIterator[Play]:
    assert play is not None
    yield play


@dataclass(frozen=True, slots=True)
class Scenario:
    """One fault, or one way of it; it is over when the fault is healed."""

    fault: str
    """F1 to F24."""
    name: str
    play: Play | None = None
    stage: Stage | None = None
    """Puts something in place before the services start, and gives what is played then."""
    workers: int = 4
    replicas: int = 1
    """How many of each service run from the beginning."""
    seats: int = 1
    """How many of each service the clients know; the fault may start some of them."""
    answered_within_s: float = ANSWER_WITHIN_S
    drained_within_s: float = 60.0
    servers: ServersOf = _shared_pair
    """Others than the shared ones, where these would not be as before when it is over."""
    why_not: Callable[[], str | None] = lambda: None
    """Says why it cannot be played on this machine."""
    only_long: bool = False
    """True where CI has no time for it."""
    least_rounds: int = 1
    """So many at least in the long form, or it does not come to everything."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What every process is told besides."""

    @property
    def title(self) -> str:
        """Return what the ledger calls it."""
        return f"{self.fault} {self.name}"

    def plan(self, seed: int, rounds: int = 1) -> Plan:
        """Return how it is played with this seed."""
        return Plan(
            self.stage or partial(_bare, self.play),
            seed,
            workers=self.workers,
            replicas=self.replicas,
            seats=self.seats,
            answered_within_s=self.answered_within_s,
            rounds=rounds,
            drained_within_s=self.drained_within_s,
            environment=self.environment,
        )


def all_scenarios() -> list[Scenario]:
    """Return the scenarios of every module beside this one, in the order of their faults."""
    modules = [import_module(f"tests.faults.scenarios.{file.stem}") for file in sorted(FOLDER.glob("*.py"))]
    found: list[Scenario] = [scenario for module in modules for scenario in module.SCENARIOS]
    return sorted(found, key=lambda scenario: (int(scenario.fault.removeprefix("F")), scenario.name))
