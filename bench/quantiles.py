"""How long many things took: their number, the middle and the slow end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Took:
    """Times of one kind of work."""

    count: int
    p50_s: float
    p99_s: float

    @classmethod
    def of(cls, times_s: Sequence[float]) -> Self:
        """Return what there is to say of some times; there must be one."""
        ordered = sorted(times_s)
        return cls(len(ordered), ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)])
