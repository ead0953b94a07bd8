"""What a metric is: a sentence, two limits, and a way to measure it; and the verdict over a measurement."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bench.ground import Ground
from bench.rounds import Measurement


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure of ours over a figure of the bare libraries, and how far from one another they may be."""

    name: str
    """P1 to P15."""
    sentence: str
    raw: str
    """What the raw side is."""
    unit: str
    must: float
    aim: float
    measure: Callable[[Ground], Awaitable[Measurement]]
    higher_is_better: bool = True
    code: tuple[str, ...] = ("shared", "services")
    """The folders that it measures: a change in them makes its figure one of older code."""

    @property
    def measured_by(self) -> str:
        """Return the file that measures it, which may change as well."""
        return f"{self.measure.__module__.replace('.', '/')}.py"

    def reaches(self, limit: float, measured: Measurement) -> bool:
        """Tell whether the bad end of the interval is within a limit."""
        low, high = measured.interval
        return low >= limit if self.higher_is_better else high <= limit

    def falls_short(self, ratio: float) -> bool:
        """Tell whether a round missed the must by itself."""
        return ratio < self.must if self.higher_is_better else ratio > self.must

    def verdict(self, measured: Measurement) -> str:
        """Return aim, must, missed or not judged."""
        # What falls short beside the ratio was measured against itself: an unsteady raw side excuses none of it.
        # Nor does it excuse what no round reached.
        far = all(self.falls_short(one.ratio) for one in measured.rounds)
        if measured.shortfalls or far or (measured.judged and not self.reaches(self.must, measured)):
            return "missed"
        if measured.unjudged or not measured.judged:
            return "not judged"
        far_enough = all(one.times >= one.aim_times for one in measured.beside if one.aim_times)
        reaches_aim = far_enough and not measured.short_of_aim and self.reaches(self.aim, measured)
        return "aim" if reaches_aim else "must"
