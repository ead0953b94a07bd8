"""That a number which was given is not given again, whatever became of its parcel: I7."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

import orjson

from onebox.simulator.history import Kind, Outcome
from shared.s10 import ItemNumber, is_written
from tests.faults.evidence import BlockRow, Evidence, RangeRow
from tests.faults.invariants.intake import REGISTERED
from tests.faults.invariants.log_and_topics import place

NO_REUSE = timedelta(days=731)
"""24 months, a leap day among them. Source: UPU S10, item identifiers are not used again for so long."""


def i7_no_number_is_given_again_within_24_months(evidence: Evidence) -> Iterator[str]:
    """Two registrations of one number, as outbox and topic tell them, lie so far apart; no two keys have one number."""
    given: dict[str, dict[str, datetime]] = defaultdict(dict)
    owned = ((str(row.event_id), row.payload) for row in evidence.outboxes.get("parcel", ()) if row.type == REGISTERED)
    told = (
        (record.event_id, record.payload)
        for record in evidence.records
        # What a fault writes by hand names a number as often as it likes.
        if record.type == REGISTERED and record.header("source") == "parcel" and place(record) not in evidence.planted
    )
    for event_id, payload in (*owned, *told):
        if (at := _registered_at(payload)) is not None:
            given[at[0]][event_id] = at[1]
    for number, times in given.items():
        for before, after in pairwise(sorted(times.values())):
            if after - before < NO_REUSE:
                yield f"I7 {number} was given again after {(after - before).days} days"
    keys: dict[str, set[str]] = defaultdict(set)
    for call in evidence.history.of(Kind.REGISTER, Outcome.OK):
        keys[str(call.answer["item_number"])].add(call.key)
    yield from (f"I7 {number} was given to {len(of)} keys" for number, of in keys.items() if len(of) > 1)


def i7_what_was_given_lies_behind_what_comes_next(evidence: Evidence) -> Iterator[str]:
    """Blocks lie in a range of their indicator, before the serial from which the next one is cut."""
    for block in evidence.blocks:
        name = f"{block.indicator} {block.first_serial} to {block.last_serial}"
        granted = next((one for one in evidence.ranges if _holds(one, block)), None)
        if granted is None:
            yield f"I7 the block {name} lies in no range"
        elif block.last_serial >= granted.next_serial:
            yield f"I7 the block {name} can be cut again: the next one begins at {granted.next_serial}"


def i7_numbers_of_a_device_are_its_alone(evidence: Evidence) -> Iterator[str]:
    """What a device registered without a line has a number of a block that it leased, and nothing else has."""
    leased = [block for block in evidence.blocks if block.device_id is not None]
    for row in evidence.requests:
        if not row.item_number or not is_written(row.item_number):
            continue
        number = ItemNumber.parse(row.item_number)
        of = {
            f"device {block.device_id}"
            for block in leased
            if block.indicator == number.indicator and block.first_serial <= number.serial <= block.last_serial
        }
        if (row.caller.startswith("device ") or of) and of != {row.caller}:
            yield f"I7 {row.item_number} of {row.caller} is a number of {', '.join(sorted(of)) or 'no device'}"


def _holds(granted: RangeRow, block: BlockRow) -> bool:
    return (
        granted.indicator == block.indicator
        and granted.first_serial <= block.first_serial
        and block.last_serial <= granted.last_serial
    )


def _registered_at(payload: bytes) -> tuple[str, datetime] | None:
    """Return the number that an event registers, and when; nothing of bytes that a fault has damaged."""
    try:
        content = orjson.loads(payload)
        return str(content["item_number"]), datetime.fromisoformat(content["registered_at"])
    except (ValueError, KeyError, TypeError):
        return None


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    i7_no_number_is_given_again_within_24_months,
    i7_what_was_given_lies_behind_what_comes_next,
    i7_numbers_of_a_device_are_its_alone,
)
