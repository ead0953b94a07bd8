"""From outbox to topic to inbox: I3 and I10."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast
from uuid import UUID

from services.notifications.entrypoints.consumers import HANDLERS
from services.parcel.posting.entrypoints import consumers as parcel
from services.tracking.entrypoints import consumers as tracking
from shared.access import directory
from shared.web.service import Service
from tests.faults.evidence import DeadLetterRow, Evidence, TopicRecord
from tests.faults.recovery_bounds import PUT_ASIDE

PARKED_WITHIN_S = PUT_ASIDE.here
NO_SERVICE = cast("Service", None)
"""Naming what a service reads takes none that runs."""
COPIED = frozenset(event.type for event in directory.EVENTS)
READ: Mapping[str, frozenset[str]] = {
    "parcel": frozenset(event.type for event in parcel.handlers(NO_SERVICE)),
    "tracking": frozenset(event.type for event in tracking.handlers(NO_SERVICE)) | COPIED,
    "notifications": frozenset(event.type for event in HANDLERS) | COPIED,
}
"""The types of events that each service applies."""


def i3_every_event_is_in_its_topic(evidence: Evidence) -> Iterator[str]:
    """An event marked as sent is in its topic with the same bytes; after the drain none waits; none is invented."""
    found: dict[str, list[TopicRecord]] = defaultdict(list)
    for record in evidence.records:
        if place(record) not in evidence.planted:
            found[record.event_id].append(record)
    for service, rows in evidence.outboxes.items():
        for row in rows:
            copies = found.pop(str(row.event_id), [])
            if not row.sent:
                yield f"I3 {service} still holds {row.type} {row.event_id}"
            elif not copies and row.topic not in evidence.wiped:
                yield f"I3 {row.type} {row.event_id} of {service} was sent and is not in {row.topic}"
            elif any((one.topic, one.key, one.payload) != (row.topic, row.key, row.payload) for one in copies):
                yield f"I3 {row.type} {row.event_id} is not in {row.topic} as it was written"
    strays = [record for records in found.values() for record in records]
    yield from (f"I3 nobody wrote {record.type} at {place(record)}" for record in strays)
    yield from (f"I3 not drained: {what}" for what in evidence.not_drained)


def i3_one_key_keeps_its_order(evidence: Evidence) -> Iterator[str]:
    """The first copies of the events of one key stand in a topic in the order in which they were written.

    Where a broker lost its disk the first copies are gone, and what is new may come before what is sent again. Ends of
    messages are left out: two senders may end two messages about one parcel at once, and no end follows from another.
    """
    if evidence.wiped:
        return
    first: dict[str, tuple[int, int]] = {}
    for record in sorted(evidence.records, key=lambda record: (record.partition, record.offset)):
        # A damaged record stands in the place of its event; what nobody must put aside stands where the fault put it.
        if evidence.planted.get(place(record)) != "":
            first.setdefault(record.event_id, (record.partition, record.offset))
    for service in ("parcel", "tracking"):
        rows = evidence.outboxes.get(service, ())
        last: dict[tuple[str, str], tuple[int, int]] = {}
        for row in rows:
            at = first.get(str(row.event_id))
            before = last.get((row.topic, row.key))
            if at and before and (at[0] != before[0] or at[1] < before[1]):
                yield f"I3 {row.event_id} of {row.key} stands in {row.topic} before what was written before it"
            if at:
                last[row.topic, row.key] = at


def i4_each_event_is_applied_once(evidence: Evidence) -> Iterator[str]:
    """An inbox holds the ids that its service read, each once, and no other."""
    bad = {(row.service, row.event_id) for row in evidence.dead_letters if row.state != "replayed"}
    for service, inbox in evidence.inboxes.items():
        read = {
            UUID(record.event_id): record.type
            for record in evidence.records
            if record.type in READ[service] and place(record) not in evidence.planted
        }
        for event_id in read.keys() - inbox:
            if (service, event_id) not in bad:
                yield f"I4 {service} did not apply {read[event_id]} {event_id}"
        wiped = {row.event_id for rows in evidence.outboxes.values() for row in rows if row.topic in evidence.wiped}
        known = read.keys() | {_uuid(record.event_id) for record in evidence.records} | wiped
        yield from (f"I4 {service} applied {event_id}, which is in no topic" for event_id in inbox - known)


def i10_only_what_was_planted_is_put_aside(evidence: Evidence) -> Iterator[str]:
    """A bad record is a dead letter within seconds, with its bytes and its reason; a good one never is."""
    values = {place(record): record.payload for record in evidence.records}
    parked = Counter((row.service, f"{row.topic}/{row.partition}/{row.offset}") for row in evidence.dead_letters)
    expected = {(service, where) for where, services in evidence.planted.items() for service in services.split()}
    for service, where in expected - parked.keys():
        yield f"I10 {service} did not put {where} aside"
    for row in evidence.dead_letters:
        where = f"{row.topic}/{row.partition}/{row.offset}"
        if (row.service, where) not in expected:
            yield f"I10 {row.service} put {where} aside: {row.reason}"
        elif not row.reason or values.get(where, row.payload) != row.payload:
            yield f"I10 {row.service} did not keep bytes and reason of {where}"
        elif row.waited_s > PARKED_WITHIN_S + _kept_from_working_s(evidence, row):
            yield f"I10 {row.service} put {where} aside after {row.waited_s:.1f} s"


def _kept_from_working_s(evidence: Evidence, row: DeadLetterRow) -> float:
    """Return the longest outage that touches the time in which a record waited to be put aside."""
    met = (one for one in evidence.windows if one.outage and one.began_at <= row.parked_at)
    return max((one.ended_at - one.began_at for one in met if row.written_at <= one.ended_at), default=0.0)


def place(record: TopicRecord) -> str:
    """Return where a record stands."""
    return f"{record.topic}/{record.partition}/{record.offset}"


def _uuid(text: str) -> Any:
    try:
        return UUID(text)
    except ValueError:
        return None


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    i3_every_event_is_in_its_topic,
    i3_one_key_keeps_its_order,
    i4_each_event_is_applied_once,
    i10_only_what_was_planted_is_put_aside,
)
