"""What the counters were promised of parcels and numbers: I2, I7 and I13."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import pairwise

import orjson

from onebox.simulator.history import Call, Kind, Outcome
from onebox.simulator.retrying import IN_FLIGHT
from shared.contracts.parcel import CONTACTS_TOPIC
from shared.s10 import InvalidItemNumber, ItemNumber
from tests.faults.evidence import BlockRow, Evidence, OutboxRow, ParcelRow

REGISTERED, CHANGED, CANCELLED = "parcel.registered.v1", "parcel.changed.v1", "parcel.cancelled.v1"
CONTACTS = "parcel.contacts.v1"
COME_AGAIN = frozenset({429, 503})
"""Statuses that send a caller away for a while."""


def i2_parcels_and_their_events_belong_together(evidence: Evidence) -> Iterator[str]:
    """A parcel has the events that its version counts, each version once; no event is without its parcel."""
    events: dict[str, list[OutboxRow]] = defaultdict(list)
    for row in evidence.outboxes.get("parcel", ()):
        if row.type in {REGISTERED, CHANGED, CANCELLED, CONTACTS}:
            events[row.key].append(row)
    for parcel in evidence.parcels:
        yield from _told_as_it_is(parcel, events.pop(parcel.item_number, []), again=CONTACTS_TOPIC in evidence.wiped)
    yield from (f"I2 {number} has events and no parcel" for number in events)
    parcels = {row.item_number for row in evidence.parcels}
    requested = {row.item_number for row in evidence.requests}
    yield from (f"I2 {number} is there without its request" for number in sorted(parcels - requested))


def i7_numbers_are_unique_and_from_their_blocks(evidence: Evidence) -> Iterator[str]:
    """Each number is valid, given once, and out of a block of its office; blocks do not overlap."""
    blocks = sorted(evidence.blocks, key=lambda block: (block.indicator, block.first_serial))
    for before, after in pairwise(blocks):
        if before.indicator == after.indicator and after.first_serial <= before.last_serial:
            yield f"I7 two blocks hold {after.indicator} {after.first_serial}"
    for text, times in Counter(row.item_number for row in evidence.parcels).items():
        if times > 1:
            yield f"I7 {text} is there {times} times"
    for parcel in evidence.parcels:
        try:
            number = ItemNumber.parse(parcel.item_number)
        except InvalidItemNumber:
            yield f"I7 {parcel.item_number} is no item number"
            continue
        if not any(_was_given_from(number, parcel.office, block) for block in blocks):
            yield f"I7 {parcel.item_number} is from no block of {parcel.office}"


def i13_no_yes_is_false(evidence: Evidence) -> Iterator[str]:
    """What was acknowledged is in the database."""
    parcels = {row.item_number: row for row in evidence.parcels}
    cancelled = {row.key for row in evidence.outboxes.get("parcel", ()) if row.type == CANCELLED}
    scans = {str(scan.scan_id) for log in evidence.scans.values() for scan in log}
    for call in evidence.history.calls:
        if call.outcome is not Outcome.OK:
            continue
        if call.kind is Kind.CANCEL and call.key not in cancelled:
            yield f"I13 {call.key} was cancelled, said the answer"
        if call.kind is Kind.CORRECT and call.answer["version"] > getattr(parcels.get(call.key), "version", 0):
            yield f"I13 {call.key} was corrected, said the answer"
        if call.kind in {Kind.SCAN, Kind.SCAN_BATCH, Kind.RECORD}:
            yield from (f"I13 scan {one} was recorded, said the answer" for one in recorded(call) if one not in scans)


def i13_who_is_sent_away_is_told_when_to_come_again(evidence: Evidence) -> Iterator[str]:
    """What cannot be done is answered 503, never 500; each 503 and each 429 says when to come again.

    So does the 409 of a request that is still being answered; what another 409 refuses time does not mend.
    """
    for call in evidence.history.calls:
        said = f"{call.kind} {call.key} was answered {call.status} {call.reason}"
        if call.status is not None and call.status >= 500 and call.status != 503:
            yield f"I13 {said}"
        if (call.status in COME_AGAIN or call.reason == IN_FLIGHT) and not _is_a_time(call.answer.get("retry_after_s")):
            yield f"I13 {said}, and not when to come again"


def recorded(call: Call) -> list[str]:
    """Return the ids of the scans that an answer says are recorded."""
    results = [call.answer] if call.kind is Kind.SCAN else call.answer["results"]
    return [str(one["scan_id"]) for one in results if one["result"] != "refused"]


def _is_a_time(told: object) -> bool:
    return isinstance(told, str) and told.isdecimal() and int(told) > 0


def _told_as_it_is(parcel: ParcelRow, events: list[OutboxRow], *, again: bool) -> Iterator[str]:
    number, of_type = parcel.item_number, Counter(row.type for row in events)
    if of_type[REGISTERED] != 1:
        yield f"I2 {number} was told {of_type[REGISTERED]} times as registered"
    if of_type[REGISTERED] + of_type[CHANGED] + of_type[CANCELLED] != parcel.version:
        yield f"I2 {number} has version {parcel.version} and {sum(of_type.values()) - of_type[CONTACTS]} events"
    # Contacts that a broker lost are told again from the row as it is now.
    if of_type[CONTACTS] < 1 + of_type[CHANGED] or (of_type[CONTACTS] > 1 + of_type[CHANGED] and not again):
        yield f"I2 {number} told its contacts {of_type[CONTACTS]} times"
    versions = sorted(orjson.loads(row.payload)["version"] for row in events if row.type != CONTACTS)
    if versions != list(range(1, parcel.version + 1)):
        yield f"I2 {number} told the versions {versions}"


def _was_given_from(number: ItemNumber, office: str, block: BlockRow) -> bool:
    return (
        (block.indicator, block.office) == (number.indicator, office)
        and block.first_serial <= number.serial <= block.last_serial
        and number.serial < block.next_serial
    )


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    i2_parcels_and_their_events_belong_together,
    i7_numbers_are_unique_and_from_their_blocks,
    i13_no_yes_is_false,
    i13_who_is_sent_away_is_told_when_to_come_again,
)
