"""How often a message or a code is tried, and why again: I8."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from services.notifications.domain.message import FIRST_WAIT, SENDER_VANISHED, CodeMessage, State, wait_after
from services.notifications.settings import NotificationsSettings
from tests.faults.evidence import CodeRow, Evidence, MessageRow, Try
from tests.faults.invariants.excuses import deaths_between, outage_between, was_stopped_between
from tests.faults.post_office import BRISK
from tests.faults.supervision import Death

SENDER = "notifications"
ROUNDED_S = 0.001
"""Times of the database are read with less than their microseconds."""
WORTH_ANOTHER = frozenset({"unknown", "refused"})
RAISED = "channel-raised"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a sender keeps to."""

    what: str
    batch: int
    """So many a sender has in hand at most."""
    first_wait: timedelta
    shortest_lease_s: float
    """The margin of every lease; nobody takes anything from a sender sooner."""


OF_MESSAGES = Rules("message", int(BRISK["NOTIFICATIONS_SEND_BATCH"]), FIRST_WAIT, 10.0)
OF_CODES = Rules("code", NotificationsSettings.model_fields["codes_at_once"].default, CodeMessage.first_wait, 5.0)


def i8_a_message_is_tried_until_it_is_accepted(evidence: Evidence) -> Iterator[str]:
    """Each try is on record; only the last one may have been accepted, and ends what it sent."""
    for _, name, row in _sent(evidence):
        numbers = [one.number for one in row.tries]
        if numbers != list(range(1, row.attempts + 1)):
            yield f"I8 {name} was tried {row.attempts} times, and has the tries {numbers}"
        for one in row.tries[:-1]:
            if one.outcome not in WORTH_ANOTHER:
                yield f"I8 {name} was tried again after a try that ended {one.outcome}"
        if row.state == State.ACCEPTED and [one.outcome for one in row.tries[-1:]] != ["accepted"]:
            yield f"I8 {name} is accepted, and its last try is not"


def i8_nobody_tries_again_too_soon(evidence: Evidence) -> Iterator[str]:
    """After a failure it rests as long as the policy says; from a sender it is taken when its lease is over."""
    for rules, name, row in _sent(evidence):
        for one, following in pairwise(row.tries):
            least_s = wait_after(one.number, 0, rules.first_wait).total_seconds() - ROUNDED_S
            if one.reason == SENDER_VANISHED:
                if (held_s := one.over_at - one.began_at) < rules.shortest_lease_s:
                    yield f"I8 {name} was taken from its sender after {held_s:.1f} s"
            elif (rested_s := following.began_at - one.over_at) < least_s:
                yield f"I8 {name} was tried again {rested_s:.1f} s after try {one.number}"


def i8_tries_fail_by_the_fault(evidence: Evidence) -> Iterator[str]:
    """A try is lost with its sender or with the database, and a sender that dies loses a batch at most.

    A channel that does not answer in time needs no other fault: a busy machine is enough.
    """
    lost: Counter[tuple[Rules, Death]] = Counter()
    for rules, name, row in _sent(evidence):
        for one in filter(_is_lost, row.tries):
            while_it_lasted = (one.began_at, one.over_at)
            if outage_between(evidence, *while_it_lasted) or was_stopped_between(evidence, SENDER, *while_it_lasted):
                continue
            if deaths := deaths_between(evidence, SENDER, *while_it_lasted):
                # One that was noted before the try began may be of the process before.
                lost[rules, next((death for death in deaths if death.at >= one.began_at), deaths[-1])] += 1
            else:
                yield f"I8 try {one.number} of {name} ended {one.reason}, and no fault met it"
    for (rules, death), tries in lost.items():
        if tries > rules.batch:
            yield f"I8 {tries} {rules.what}s were in the hands of {death.name} when it died, {rules.batch} may be"


def _sent(evidence: Evidence) -> Iterator[tuple[Rules, str, MessageRow | CodeRow]]:
    """Yield messages and codes, each with its rules and its name."""
    yield from ((OF_MESSAGES, f"message {row.message_id}", row) for row in evidence.messages)
    yield from ((OF_CODES, f"code {row.request_id}", row) for row in evidence.codes)


def _is_lost(one: Try) -> bool:
    reason = one.reason or ""
    return reason == SENDER_VANISHED or reason.startswith(RAISED)


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    i8_a_message_is_tried_until_it_is_accepted,
    i8_nobody_tries_again_too_soon,
    i8_tries_fail_by_the_fault,
)
