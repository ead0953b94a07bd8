"""Two versions side by side, one after the other and back: I14."""

from collections.abc import Callable, Iterator

from onebox.simulator.history import Call, Outcome
from tests.faults.evidence import Evidence

REFUSED_FOR_A_REASON = frozenset({403, 404, 409, 422})
"""Answers that the same request would get on any day."""


def i14_nobody_notices_which_version_works(evidence: Evidence) -> Iterator[str]:
    """While versions take over from each other no call fails, and neither puts an event of the other aside."""
    windows = [window for window in evidence.windows if window.unnoticed]
    for call in evidence.history.calls:
        if any(window.began_at <= call.sent_at <= window.ended_at for window in windows) and not not_failed(call):
            yield f"I14 {call.kind} {call.key} failed: {call.status} {call.reason}"
    if windows:
        yield from (f"I14 {row.service} put {row.topic} aside: {row.reason}" for row in evidence.dead_letters)


def not_failed(call: Call) -> bool:
    """Tell whether a caller got an answer that has nothing to do with the fault."""
    return call.outcome is Outcome.OK or (call.outcome is Outcome.REFUSED and call.status in REFUSED_FOR_A_REASON)


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (i14_nobody_notices_which_version_works,)
