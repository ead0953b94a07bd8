"""Rounds of two sides, interleaved A-B-B-A, and what their ratios say."""

import gc
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

ROUNDS = 8
"""Even, so that each side goes first as often as the other; at least seven."""
RESAMPLES = 10_000
STEADY = 0.25
"""The raw side's range over its median, above which a measurement is not judged."""

Side = Callable[[], Awaitable[float]]
"""Runs once on fresh tables and returns its figure."""
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Round:
    """What both sides reached next to each other."""

    ours: float
    raw: float

    @property
    def ratio(self) -> float:
        """Return ours over raw."""
        return self.ours / self.raw


@dataclass(frozen=True, slots=True)
class Beside:
    """A third figure of the same kind, and how many times it ours is to be."""

    name: str
    figure: float
    times: float
    """Ours over it."""
    aim_times: float | None = None


@dataclass(frozen=True, slots=True)
class Measurement:
    """The rounds of one metric, what stands beside them, and what else it asks for and did not get."""

    rounds: Sequence[Round]
    beside: Sequence[Beside] = ()
    details: dict[str, float | str] = field(default_factory=dict)
    shortfalls: Sequence[str] = ()
    short_of_aim: Sequence[str] = ()
    """What is within its must and not within its aim, apart from the ratio."""
    unjudged: Sequence[str] = ()
    """What else was asked for and could not be told, as its own smaller side was not steady."""

    @property
    def ratio(self) -> float:
        """Return the median of the rounds' ratios."""
        return median(one.ratio for one in self.rounds)

    @property
    def interval(self) -> tuple[float, float]:
        """Return the 95 % interval of that median."""
        return bootstrap_interval([one.ratio for one in self.rounds])

    @property
    def raw_spread(self) -> float:
        """Return the raw side's range over its median."""
        return spread([one.raw for one in self.rounds])

    @property
    def judged(self) -> bool:
        """Tell whether the machine was steady enough to judge by."""
        return self.raw_spread <= STEADY


async def interleave(ours: Side, raw: Side, rounds: int = ROUNDS, progress: Progress = print) -> list[Round]:
    """Run both sides in turn, ours first in every other round, after one run of each that does not count."""
    for side in (ours, raw):
        await _settled(side)
    done: list[Round] = []
    for number in range(rounds):
        sides = (ours, raw) if number % 2 == 0 else (raw, ours)
        figures = {side: await _settled(side) for side in sides}
        done.append(Round(figures[ours], figures[raw]))
        progress(f"  round {number + 1}: {done[-1].ours:,.2f} to {done[-1].raw:,.2f}, ratio {done[-1].ratio:.3f}")
    return done


async def _settled(side: Side) -> float:
    gc.collect()
    return await side()


def spread(figures: Sequence[float]) -> float:
    """Return the range of figures over their median."""
    return (max(figures) - min(figures)) / median(figures)


def bootstrap_interval(figures: Sequence[float], seed: int = 1) -> tuple[float, float]:
    """Return the 2.5th and 97.5th percentile of the median over resamples of the figures."""
    chance = random.Random(seed)
    medians = sorted(median(chance.choices(figures, k=len(figures))) for _ in range(RESAMPLES))
    return medians[int(RESAMPLES * 0.025)], medians[int(RESAMPLES * 0.975)]
