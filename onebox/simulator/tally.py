"""What the calls of a stretch of time add up to: counts, goodput, and how long people waited."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from onebox.simulator.history import Call, Kind, Outcome

LIMIT_S = {
    Kind.SIGN_IN: 2.0,
    Kind.RENEW: 1.0,
    Kind.REGISTER: 2.0,
    Kind.CORRECT: 2.0,
    Kind.DECLARE: 2.0,
    Kind.CANCEL: 2.0,
    Kind.SCAN: 1.0,
    Kind.SCAN_BATCH: 2.0,
    Kind.READ_JOURNEY: 1.0,
    Kind.READ_PARCEL: 1.0,
    Kind.ASK_CODE: 2.0,
}
"""How long a person at a counter is made to wait at most."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One kind of call; times in seconds from when each call was due."""

    calls: int
    refused: int
    unknown: int
    p50_s: float
    p99_s: float
    longest_s: float
    limit_s: float
    late: int
    """Calls that took longer than the limit."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What is kept of a call: no bodies, for a long run makes many."""

    kind: Kind
    outcome: Outcome
    reason: str
    due_at: float
    ended_at: float
    events: int
    """Events of parcels that it made; a batch of scans holds one for each."""

    @property
    def took_s(self) -> float:
        """Return how long the caller waited, counted from when the call was due."""
        return self.ended_at - self.due_at

    @property
    def in_time(self) -> bool:
        """Tell whether it was ok within its limit."""
        return self.outcome is Outcome.OK and self.took_s <= LIMIT_S[self.kind]


class Tally:
    """What was heard of every call, in the order of their ends."""

    def __init__(self) -> None:
        self._heard: list[Heard] = []

    def hear(self, call: Call) -> None:
        """Take a call down."""
        self._heard.append(Heard(call.kind, call.outcome, call.reason, call.due_at, call.ended_at, _events_in(call)))

    def between(self, begin: float, end: float) -> list[Heard]:
        """Return the calls that were due in a stretch of time."""
        return [heard for heard in self._heard if begin <= heard.due_at < end]

    def ended_since(self, begin: float) -> list[Heard]:
        """Return the calls that ended lately."""
        return list(takewhile(lambda heard: heard.ended_at >= begin, reversed(self._heard)))


def figures(calls: Iterable[Heard]) -> dict[Kind, Figures]:
    """Return the figures of each kind that was called."""
    by_kind: dict[Kind, list[Heard]] = {}
    for call in calls:
        by_kind.setdefault(call.kind, []).append(call)
    return {kind: _figures(kind, of_kind) for kind, of_kind in sorted(by_kind.items())}


def refusals(calls: Iterable[Heard]) -> dict[str, int]:
    """Return why calls were not ok, and how often."""
    return dict(Counter(f"{call.kind} {call.reason}" for call in calls if call.outcome is not Outcome.OK))


def _events_in(call: Call) -> int:
    if call.outcome is not Outcome.OK or call.kind not in (Kind.REGISTER, Kind.SCAN, Kind.SCAN_BATCH):
        return 0
    return len(call.answer["results"]) if call.kind is Kind.SCAN_BATCH else 1


def share(ordered: Sequence[float], at: float) -> float:
    """Return the value below which that share of ordered values lies; zero of none."""
    return ordered[min(len(ordered) - 1, int(at * len(ordered)))] if ordered else 0.0


def _figures(kind: Kind, calls: Sequence[Heard]) -> Figures:
    took_s = sorted(call.took_s for call in calls)
    outcomes = Counter(call.outcome for call in calls)
    return Figures(
        calls=len(calls),
        refused=outcomes[Outcome.REFUSED],
        unknown=outcomes[Outcome.UNKNOWN],
        p50_s=share(took_s, 0.5),
        p99_s=share(took_s, 0.99),
        longest_s=took_s[-1],
        limit_s=LIMIT_S[kind],
        late=sum(one > LIMIT_S[kind] for one in took_s),
    )
