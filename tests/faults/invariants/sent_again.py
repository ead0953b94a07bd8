"""Records that stand in a topic twice: a relay sends again what it had in hand when it died or was cut off; I12."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from shared.messaging.relay import BATCH, SEND_WITHIN_S
from tests.faults.evidence import Evidence, TopicRecord
from tests.faults.injectors.topics_by_hand import COPIED
from tests.faults.invariants.excuses import deaths_between, outage_between, outages
from tests.faults.invariants.log_and_topics import place
from tests.faults.supervision import Death


@dataclass(frozen=True, slots=True)
class _Again:
    """An event of a service that came to its topic, and came once more; times are of the monotonic clock."""

    service: str
    came_at: float
    again_at: float


def i12_records_are_sent_again_by_whom_the_fault_met(evidence: Evidence) -> Iterator[str]:
    """A record comes again if its relay died or was cut off just after it came, a batch of them each time."""
    by_death: Counter[Death] = Counter()
    by_outage: Counter[str] = Counter()
    unexplained = 0
    for again in _sent_again(evidence):
        if death := _death_behind(evidence, again):
            by_death[death] += 1
        elif outage_between(evidence, again.came_at, again.again_at):
            by_outage[again.service] += 1
        else:
            unexplained += 1
    for death, records in by_death.items():
        if records > BATCH:
            yield f"I12 {records} records were sent again after one death of {death.name}, {BATCH} may be"
    most = BATCH * len(outages(evidence))
    over = unexplained + sum(max(0, records - most) for records in by_outage.values())
    if over > evidence.copies:
        yield f"I12 {over} records were sent again by relays that no fault had met, {evidence.copies} may be"


def _sent_again(evidence: Evidence) -> Iterator[_Again]:
    copies: dict[str, list[TopicRecord]] = defaultdict(list)
    for record in evidence.records:
        if place(record) not in evidence.planted and COPIED[0] not in dict(record.headers):
            copies[record.event_id].append(record)
    for records in copies.values():
        ordered = sorted(records, key=lambda record: (record.at, record.offset))
        yield from (_Again(one.header("source"), one.at, other.at) for one, other in pairwise(ordered))


def _death_behind(evidence: Evidence, again: _Again) -> Death | None:
    """Return the death of the sender after the first of the two; what it had sent long before was marked by then."""
    deaths = deaths_between(evidence, again.service, again.came_at, again.again_at)
    return deaths[0] if deaths and deaths[0].at - again.came_at <= SEND_WITHIN_S else None


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (i12_records_are_sent_again_by_whom_the_fault_met,)
