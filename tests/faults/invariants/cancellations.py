"""That what is cancelled is what somebody asked to be cancelled: I1."""

from collections import Counter
from collections.abc import Callable, Iterator

from onebox.simulator.history import Kind, Outcome
from shared.contracts.parcel import ParcelCancelledV1
from tests.faults.evidence import Evidence


def i1_nothing_is_cancelled_that_nobody_asked(evidence: Evidence) -> Iterator[str]:
    """A parcel is cancelled only if a call may have done it, and is told as cancelled once, and only then."""
    asked = {call.key for call in evidence.history.of(Kind.CANCEL, Outcome.OK, Outcome.UNKNOWN)}
    told = Counter(row.key for row in evidence.outboxes.get("parcel", ()) if row.type == ParcelCancelledV1.type)
    cancelled = {row.item_number for row in evidence.parcels if row.cancelled}
    yield from (f"I1 {number} is cancelled, and no call did it" for number in sorted((cancelled | set(told)) - asked))
    for number in sorted(cancelled | set(told)):
        if told[number] != (number in cancelled):
            yield f"I1 {number} is {'' if number in cancelled else 'not '}cancelled and told so {told[number]} times"


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (i1_nothing_is_cancelled_that_nobody_asked,)
