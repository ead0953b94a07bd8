"""That work goes on, that nothing grows without end, that nobody has to step in: I11, I12 and I17."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import pairwise

from onebox.simulator.client import ANSWER_WITHIN_S
from onebox.simulator.history import Call, Kind, Outcome
from onebox.simulator.retrying import is_settled
from tests.faults.evidence import LAME_PACE, UNHURT, Evidence, Window
from tests.faults.invariants.calm import BESIDE_THE_LOAD, calm_per_s, patience_s, starved_s
from tests.faults.recovery_bounds import STARTED

PATHS: Mapping[str, AbstractSet[Kind]] = {
    "registrations": frozenset({Kind.REGISTER}),
    "scans": frozenset({Kind.SCAN, Kind.SCAN_BATCH}),
    "reads": frozenset({Kind.READ_JOURNEY, Kind.READ_PARCEL}),
}
"""The ways in that each counter uses all the time; corrections and cancellations are too seldom to be missed."""
TOO_FEW = 5
SILENT_TIMES, LEAST_SILENCE_S = 20, 5.0
"""A path is silent that does nothing for so many times the time between two calls in calm, and for so long."""
DEADLOCK = "deadlock detected"
"""How PostgreSQL calls it, in its own log."""


def i11_work_goes_on(evidence: Evidence) -> Iterator[str]:
    """While a fault lasts, each path that it does not cut goes on, at a share of its pace in calm.

    The time is taken off in which who died could have been back, if others had not had the processors.
    """
    calm = calm_per_s(evidence)
    for window in evidence.windows:
        done, for_s = done_in(evidence, window), window.ended_at - window.began_at
        if done.total() < window.floor:
            yield f"I11 {done.total()} of {window.floor} calls succeeded in the {for_s:.1f} s of {window.name}"
        for path, kinds in PATHS.items() if window.floor else ():
            pace = sum(calm[kind] for kind in kinds - window.cut)
            own_s = for_s - starved_s(evidence, window)
            of_path, floor = sum(done[kind] for kind in kinds), _at_least(window.pace * pace * own_s)
            if of_path < floor:
                yield f"I11 {of_path} of {floor} {path} succeeded in the {for_s:.1f} s of {window.name}"


def _at_least(calls: float) -> int:
    """Return how many calls must succeed where so many are to be expected: of a few, chance may take all but one."""
    return int(calls) if calls >= TOO_FEW else int(calls >= 1)


def i11_what_is_offered_is_done(evidence: Evidence) -> Iterator[str]:
    """On each path that a fault does not cut, a share of what counters asked for in its time was done in its time."""
    patience = patience_s(evidence)
    for window in evidence.windows:
        for path in PATHS if window.floor else ():
            offered, done = offered_in(evidence, window, path, patience)
            if done < int(window.share * offered):
                where = f"in the {window.ended_at - window.began_at:.1f} s of {window.name}"
                yield f"I11 {done} of {offered} {path} that were offered were done {where}"


def i11_no_path_falls_silent(evidence: Evidence) -> Iterator[str]:
    """Where a fault hurts nothing that a path needs, the path does not stop while a counter waits for it."""
    calm = calm_per_s(evidence)
    for window in evidence.windows:
        for path, kinds in PATHS.items() if window.floor and window.share >= UNHURT else ():
            most_s = _silent_at_most_s(window, sum(calm[kind] for kind in kinds - window.cut))
            silent_s = max(_silences_s(evidence, window, kinds - window.cut, most_s), default=0.0)
            if silent_s > most_s:
                yield f"I11 for {silent_s:.1f} s none of the {path} succeeded in {window.name}"


def _silent_at_most_s(window: Window, pace: float) -> float:
    """Return how long a path may do nothing; where callers wait for who stands still, as long as they wait."""
    if _waits(window) or not pace:
        return ANSWER_WITHIN_S
    return min(ANSWER_WITHIN_S, max(LEAST_SILENCE_S, SILENT_TIMES / pace))


def _waits(window: Window) -> bool:
    """Tell whether a caller may wait in it as long as a clerk does: then hardly anything is asked of its pace."""
    return window.pace < LAME_PACE


def _silences_s(evidence: Evidence, window: Window, kinds: AbstractSet[Kind], most_s: float) -> Iterator[float]:
    """Yield how long nobody succeeded, each time that somebody asked who should have."""
    asked = [call for call in evidence.history.calls if call.kind in kinds and _should_be_done(call)]
    done = (call.ended_at for call in asked if call.outcome is Outcome.OK)
    at = sorted(ended_at for ended_at in done if window.began_at <= ended_at <= window.ended_at)
    for since, until in pairwise([window.began_at, *at, window.ended_at]):
        if any(call.sent_at < until - most_s and call.ended_at > since for call in asked):
            yield until - since


def _should_be_done(call: Call) -> bool:
    """Tell whether what was asked for could be done; what would be refused on any day is not waited for."""
    return not is_settled(call, call.kind) or call.outcome is Outcome.OK


def i11_who_died_is_soon_back(evidence: Evidence) -> Iterator[str]:
    """A process that was started again answers in time, but for the time in which others had the processors."""
    for start in evidence.starts:
        if start.again and start.own_s > STARTED.here:
            yield f"I11 {start.name} answered {start.own_s:.1f} s after it was started again"


def i12_nothing_grows_without_end(evidence: Evidence) -> Iterator[str]:
    """Memory and connections stay below bounds."""
    yield from (f"I12 {one.name}: {one.peak:.0f} of {one.most:.0f}" for one in evidence.bounds if one.peak > one.most)


def i17_no_human_is_needed(evidence: Evidence) -> Iterator[str]:
    """Processes die by the fault alone, and none is so stuck that its supervisor must end it; all of them answer."""
    yield from (f"I17 {name} does not answer" for name in evidence.not_ready)
    for death in evidence.deaths:
        if not death.meant:
            yield f"I17 {death.name} ended with {death.returncode}, and the fault did not do it"


def i17_no_two_wait_for_each_other(evidence: Evidence) -> Iterator[str]:
    """PostgreSQL ends no transaction because others wait for it in a ring, but where migrations change tables."""
    if not any(window.unnoticed for window in evidence.windows):
        for name, text in evidence.texts.items():
            if ended := text.count(DEADLOCK):
                yield f"I17 {name}: {ended} transactions waited for others that waited for them"


def done_in(evidence: Evidence, window: Window) -> Counter[Kind]:
    """Count the calls that succeeded in a window and that it does not cut, by kind."""
    return Counter(
        call.kind
        for call in evidence.history.calls
        if call.outcome is Outcome.OK
        and call.kind not in window.cut | BESIDE_THE_LOAD
        and window.began_at <= call.ended_at <= window.ended_at
    )


def offered_in(evidence: Evidence, window: Window, path: str, patience: Mapping[Kind, float]) -> tuple[int, int]:
    """Return how much was asked for on a path in a window that could be done, and how much of it was done there.

    What is asked for again counts once; what would be refused on any day is not asked for. Who still waited when the
    window ended asked in vain, unless it was so late that an answer could not be there yet.
    """
    done: dict[tuple[Kind, str], bool] = {}
    for call in evidence.history.calls:
        if call.kind in PATHS[path] - window.cut and _should_be_done(call):
            may_take_s = ANSWER_WITHIN_S if _waits(window) else patience[call.kind]
            ended_here = window.began_at <= call.ended_at <= window.ended_at
            waited = window.began_at <= call.sent_at < window.ended_at - may_take_s and call.ended_at > window.ended_at
            if ended_here or waited:
                asked = (call.kind, call.key)
                done[asked] = done.get(asked, False) or (ended_here and call.outcome is Outcome.OK)
    return len(done), sum(done.values())


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    i11_work_goes_on,
    i11_what_is_offered_is_done,
    i11_no_path_falls_silent,
    i11_who_died_is_soon_back,
    i12_nothing_grows_without_end,
    i17_no_human_is_needed,
    i17_no_two_wait_for_each_other,
)
