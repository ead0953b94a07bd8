"""What counters get done while no fault lasts: the pace that a run is held against is its own."""

from collections import Counter
from collections.abc import Iterator, Mapping

from onebox.simulator.history import Call, Kind, Outcome
from tests.faults.evidence import Evidence

BESIDE_THE_LOAD = frozenset({Kind.ASK_CODE})
"""Asked at a pace of its own: it says nothing of how counters got on."""


def calm_per_s(evidence: Evidence) -> Mapping[Kind, float]:
    """Return how many calls of each kind succeeded a second before, between and after the windows, under load."""
    done = list(_done_under_load(evidence))
    if not done:
        return Counter()
    times = _outside_windows(evidence, min(call.sent_at for call in done), max(call.ended_at for call in done))
    lasted_s = sum(until - since for since, until in times)
    counted = Counter(call.kind for call in done if any(since <= call.ended_at <= until for since, until in times))
    return {kind: counted[kind] / max(lasted_s, 1.0) for kind in Kind}


def _done_under_load(evidence: Evidence) -> Iterator[Call]:
    for call in evidence.history.calls:
        if call.outcome is Outcome.OK and call.kind not in BESIDE_THE_LOAD and call.ended_at < evidence.rested_at:
            yield call


def _outside_windows(evidence: Evidence, began_at: float, ended_at: float) -> list[tuple[float, float]]:
    times, since = [], began_at
    for window in sorted(evidence.windows, key=lambda one: one.began_at):
        if window.began_at > since:
            times.append((since, window.began_at))
        since = max(since, window.ended_at)
    return [*times, (since, ended_at)] if ended_at > since else times
