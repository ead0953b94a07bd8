"""How often a message is tried, and why again: I8."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise

from services.notifications.domain.message import SENDER_VANISHED, State, wait_after
from tests.faults.evidence import Evidence, Try
from tests.faults.invariants.excuses import deaths_between, outage_between, was_stopped_between
from tests.faults.post_office import BRISK
from tests.faults.supervision import Death

SENDER = "notifications"
BATCH = int(BRISK["NOTIFICATIONS_SEND_BATCH"])
"""So many messages a sender has in hand at most."""
SHORTEST_LEASE_S = 10.0
"""The margin of every lease; nobody takes a message from a sender sooner."""
ROUNDED_S = 0.001
"""Times of the database are read with less than their microseconds."""
WORTH_ANOTHER = frozenset({"unknown", "refused"})
RAISED = "channel-raised"


def i8_a_message_is_tried_until_it_is_accepted(evidence: Evidence) -> Iterator[str]:
    """Each try is on record; only the last one may have been accepted, and ends the message."""
    for message in evidence.messages:
        name, numbers = f"I8 message {message.message_id}", [one.number for one in message.tries]
        if numbers != list(range(1, message.attempts + 1)):
            yield f"{name} was tried {message.attempts} times, and has the tries {numbers}"
        for one in message.tries[:-1]:
            if one.outcome not in WORTH_ANOTHER:
                yield f"{name} was tried again after a try that ended {one.outcome}"
        if message.state == State.ACCEPTED and [one.outcome for one in message.tries[-1:]] != ["accepted"]:
            yield f"{name} is accepted, and its last try is not"


def i8_nobody_tries_again_too_soon(evidence: Evidence) -> Iterator[str]:
    """After a failure a message rests as long as the policy says; from a sender it is taken when its lease is over."""
    for message in evidence.messages:
        name = f"I8 message {message.message_id}"
        for one, following in pairwise(message.tries):
            if one.reason == SENDER_VANISHED:
                if (held_s := one.over_at - one.began_at) < SHORTEST_LEASE_S:
                    yield f"{name} was taken from its sender after {held_s:.1f} s"
            elif (rested_s := following.began_at - one.over_at) < wait_after(one.number, 0).total_seconds() - ROUNDED_S:
                yield f"{name} was tried again {rested_s:.1f} s after try {one.number}"


def i8_tries_fail_by_the_fault(evidence: Evidence) -> Iterator[str]:
    """A try is lost with its sender or with the database, and a sender that dies loses a batch at most.

    A channel that does not answer in time needs no other fault: a busy machine is enough.
    """
    lost: Counter[Death] = Counter()
    for message in evidence.messages:
        for one in filter(_is_lost, message.tries):
            while_it_lasted = (one.began_at, one.over_at)
            if outage_between(evidence, *while_it_lasted) or was_stopped_between(evidence, SENDER, *while_it_lasted):
                continue
            if deaths := deaths_between(evidence, SENDER, *while_it_lasted):
                # One that was noted before the try began may be of the process before.
                lost[next((death for death in deaths if death.at >= one.began_at), deaths[-1])] += 1
            else:
                yield f"I8 try {one.number} of message {message.message_id} ended {one.reason}, and no fault met it"
    for death, tries in lost.items():
        if tries > BATCH:
            yield f"I8 {tries} messages were in the hands of {death.name} when it died, {BATCH} may be"


def _is_lost(one: Try) -> bool:
    reason = one.reason or ""
    return reason == SENDER_VANISHED or reason.startswith(RAISED)


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    i8_a_message_is_tried_until_it_is_accepted,
    i8_nobody_tries_again_too_soon,
    i8_tries_fail_by_the_fault,
)
