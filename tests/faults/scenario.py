"""A fault as something that can be played: what it is called, and what it does to a post office under load."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from tests.faults.run import Plan, Run

FOLDER = Path(__file__).parent / "scenarios"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One fault, or one way of it; it is over when the fault is healed."""

    fault: str
    """F1 to F24."""
    name: str
    play: Callable[[Run], Awaitable[None]]
    workers: int = 4
    replicas: int = 1
    drained_within_s: float = 60.0
    own_servers: bool = False
    """True where the servers are not as before when it is over, so that no other may use them."""
    only_long: bool = False
    """True where CI has no time for it."""
    environment: Mapping[str, str] = field(default_factory=dict)
    """What every process is told besides."""

    @property
    def title(self) -> str:
        """Return what the ledger calls it."""
        return f"{self.fault} {self.name}"

    def plan(self, seed: int, rounds: int = 1) -> Plan:
        """Return how it is played with this seed."""
        return Plan(
            self.play,
            seed,
            self.workers,
            self.replicas,
            rounds,
            self.drained_within_s,
            self.environment,
        )


def all_scenarios() -> list[Scenario]:
    """Return the scenarios of every module beside this one, in the order of their faults."""
    modules = [import_module(f"tests.faults.scenarios.{file.stem}") for file in sorted(FOLDER.glob("*.py"))]
    found: list[Scenario] = [scenario for module in modules for scenario in module.SCENARIOS]
    return sorted(found, key=lambda scenario: (int(scenario.fault.removeprefix("F")), scenario.name))
