"""Whether a record may count: of whom, by which pass, when; and what is to be looked at though it counts."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from shared.access.devices import Device
from shared.access.passes import Pass
from shared.syncing.kinds import LOST, Kind, Kinds, Ready
from shared.syncing.record import Problem, Record

FUTURE_ALLOWED = timedelta(minutes=10)
SESSION_LASTS = timedelta(hours=12)
"""A session that a pass came with has ended by then, whatever became of it."""
CLOCKS_MAY_DIFFER = timedelta(minutes=2)

RECORD_LOST = Problem("record-lost", "The device could not read this record any more; ask who worked at it then.")
KIND_UNKNOWN = Problem("kind-unknown", "No record of this kind is taken here.")
PASS_MISSING = Problem("pass-missing", "The pass that the record names did not come with it, or is not one of ours.")
PASS_OF_ANOTHER = Problem("pass-of-another", "The pass is of another device, another office or another person.")
PASS_OVER = Problem("pass-over", "The pass was older than fourteen days, or not yet given, when the record was made.")
ROLE_REFUSED = Problem("role-refused", "The role that the pass was given for does not include this.")
IN_THE_FUTURE = Problem("in-the-future", "The time of the record, corrected by its drift, has not come yet.")
RECORD_ID_USED = Problem("record-id-used", "Another record of this device has this id.")
SEQUENCE_USED = Problem("sequence-used", "Another record of this device has this place in the sequence.")

MEMBER_DISABLED = "member-disabled"
SESSION_ENDED = "session-ended"
CLOCK_DIFFERS = "clock-differs"


def judge(
    record: Record, device: Device, passes: Mapping[UUID, Pass], kinds: Kinds, received_at: datetime
) -> Ready | Problem:
    """Return the record with its pass, or why it is set aside."""
    if record.kind == LOST:
        return RECORD_LOST
    kind, granted = kinds.get(record.kind), passes.get(record.pass_id)
    if kind is None:
        return KIND_UNKNOWN
    if granted is None:
        return PASS_MISSING
    problem = _problem_with(record, device, granted, kind, received_at)
    return problem or Ready(record, device, granted)


def _problem_with(record: Record, device: Device, granted: Pass, kind: Kind, received_at: datetime) -> Problem | None:
    # Who acts for every office has a pass that names none.
    is_theirs = (granted.staff, granted.device_id) == (record.staff, device.device_id)
    if not is_theirs or granted.office not in (None, device.office):
        return PASS_OF_ANOTHER
    if record.occurred_at > received_at + FUTURE_ALLOWED:
        return IN_THE_FUTURE
    if not granted.is_good_at(record.occurred_at):
        return PASS_OVER
    return None if granted.role in kind.roles else ROLE_REFUSED


def flags_of(ready: Ready, clock_ahead: timedelta, is_disabled: Callable[[str], bool]) -> list[str]:
    """Return what somebody should look at: who was disabled since, a session that was over, a clock that went off.

    `clock_ahead` is how far the device's clock was ahead when it sent.
    """
    record, flags = ready.record, []
    if is_disabled(record.staff):
        flags.append(MEMBER_DISABLED)
    if record.occurred_at > ready.granted.issued_at + SESSION_LASTS:
        flags.append(SESSION_ENDED)
    if abs(clock_ahead - timedelta(milliseconds=record.drift_ms)) > CLOCKS_MAY_DIFFER:
        flags.append(CLOCK_DIFFERS)
    return flags
