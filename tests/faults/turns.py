"""Whose turn it is in the long form, by seed, and for what there is time."""

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.faults.scenario import Scenario

ROUNDS = 4
"""A fault of several rounds has so many times more of them than in CI."""
FEWER_ROUNDS = 2
"""So many where there is no time for more: what only the long form does takes two."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A fault, how it is played, and how many were played before it."""

    number: int
    scenario: Scenario
    seed: int
    rounds: int

    @property
    def again(self) -> str:
        """Return the command that plays it again."""
        return f'make faults ONLY="{self.scenario.title}" SEED={self.seed} ROUNDS={self.rounds} MINUTES=0.1'


@dataclass(slots=True)
class Hours:
    """What there is time for: each fault once, however short the time is, and others while it lasts."""

    minutes: float
    faults: int
    rounds: int | None = None
    """As many for each, if somebody says so."""
    began_at: float = field(default_factory=time.monotonic)
    took_s: dict[str, float] = field(default_factory=dict)
    """By title, how long a fault took the last time."""

    @property
    def left_s(self) -> float:
        """Return how much of the time is left; less than nothing where it was too short."""
        return self.began_at + self.minutes * 60 - time.monotonic()

    def rounds_of(self, scenario: Scenario, played: int) -> int:
        """Return how many rounds fit: fewer where those that were played took more than their share, and one more."""
        owed_s = max(0, self.faults - played - 1) / self.faults * self.minutes * 60
        fewer = max(FEWER_ROUNDS, scenario.least_rounds)
        return self.rounds or (fewer if played < self.faults and self.left_s < owed_s else ROUNDS)

    def has_time_for(self, turn: Turn) -> bool:
        """Tell whether a fault is still owed, or fits into what is left."""
        return turn.number < self.faults or self.took_s[turn.scenario.title] <= self.left_s


def turns(chosen: Sequence[Scenario], seed: int, hours: Hours) -> Iterator[Turn]:
    """Give faults without end, each once before any comes again, in an order and with seeds that the seed chooses."""
    chance, order, number = random.Random(seed), list(chosen), 0
    while True:
        chance.shuffle(order)
        for scenario in order:
            yield Turn(number, scenario, seed, hours.rounds_of(scenario, number))
            number, seed = number + 1, chance.randrange(1_000_000)
