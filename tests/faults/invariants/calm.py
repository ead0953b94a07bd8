"""What counters get done while no fault lasts: the pace and the patience that a run is held against are its own."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from onebox.simulator.client import ANSWER_WITHIN_S
from onebox.simulator.history import Call, Kind, Outcome
from tests.faults.evidence import Evidence, Window

BESIDE_THE_LOAD = frozenset({Kind.ASK_CODE})
"""Asked at a pace of its own: it says nothing of how counters got on."""
USUAL, TIMES_USUAL, LEAST_PATIENCE_S = 0.99, 3.0, 1.0
"""Of a hundred answers in calm one may take longer than usual; three times as long is no chance, nor a busy moment."""


def calm_per_s(evidence: Evidence) -> Mapping[Kind, float]:
    """Return how many calls of each kind succeeded a second before, between and after the windows, under load."""
    done = list(_done_under_load(evidence))
    if not done:
        return Counter()
    times = _outside_windows(evidence, min(call.sent_at for call in done), max(call.ended_at for call in done))
    lasted_s = sum(until - since for since, until in times)
    counted = Counter(call.kind for call in done if any(since <= call.ended_at <= until for since, until in times))
    return {kind: counted[kind] / max(lasted_s, 1.0) for kind in Kind}


def starved_s(evidence: Evidence, window: Window) -> float:
    """Return how long of a window a process that came back could have run, and others had the processors.

    Several come back side by side: the one that waited longest counts.
    """
    waited_s: dict[str, float] = defaultdict(float)
    for start in evidence.starts:
        within_s = min(start.at, window.ended_at) - max(start.at - start.after_s, window.began_at)
        if start.again and within_s > 0:
            waited_s[start.name] += start.waited_s * within_s / start.after_s
    return max(waited_s.values(), default=0.0)


def patience_s(evidence: Evidence) -> Mapping[Kind, float]:
    """Return how long an answer of each kind may take in calm; as long as a clerk waits, if none came."""
    took: dict[Kind, list[float]] = defaultdict(list)
    for call in _done_under_load(evidence):
        if not any(one.began_at <= call.ended_at and call.sent_at <= one.ended_at for one in evidence.windows):
            took[call.kind].append(call.ended_at - call.sent_at)
    usual_s = {kind: sorted(all_s)[int(USUAL * (len(all_s) - 1))] for kind, all_s in took.items()}
    may_take_s = {kind: max(LEAST_PATIENCE_S, TIMES_USUAL * taken_s) for kind, taken_s in usual_s.items()}
    return {kind: min(may_take_s.get(kind, ANSWER_WITHIN_S), ANSWER_WITHIN_S) for kind in Kind}


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
