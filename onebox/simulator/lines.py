"""When the line of each counter is cut and comes back, planned from a seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

SHARE_CUT = 0.05


@dataclass(slots=True)
class Lines:
    """Each counter is cut off for one twentieth of the time, a while here and a while there; hubs are never.

    Times are seconds since the start, asked for in any order but never long before the last one asked for.
    """

    seed: int
    counters: frozenset[str]
    mean_cut_s: float
    _cuts: dict[str, Iterator[tuple[float, float]]] = field(default_factory=dict)
    _current: dict[str, tuple[float, float]] = field(default_factory=dict)

    def back_at(self, office: str, at_s: float) -> float | None:
        """Return when the line of an office comes back, if it is cut at that moment."""
        if office not in self.counters:
            return None
        cuts = self._cuts.setdefault(office, self._planned(office))
        begins, ends = self._current.get(office) or next(cuts)
        while ends <= at_s:
            begins, ends = next(cuts)
        self._current[office] = (begins, ends)
        return ends if begins <= at_s else None

    def cut_now(self, at_s: float) -> int:
        """Return how many counters are cut off at that moment."""
        return sum(self.back_at(office, at_s) is not None for office in self.counters)

    def _planned(self, office: str) -> Iterator[tuple[float, float]]:
        chance = random.Random(f"{self.seed}/line/{office}")
        mean_whole_s = self.mean_cut_s * (1 - SHARE_CUT) / SHARE_CUT
        moment = 0.0
        while True:
            begins = moment + chance.expovariate(1 / mean_whole_s)
            moment = begins + chance.expovariate(1 / self.mean_cut_s)
            yield begins, moment
