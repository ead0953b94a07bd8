"""Messages that were sent too often, too soon or never: I8."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.notifications.domain.message import SENDER_VANISHED
from shared.ids import new_id
from tests.faults.evidence import Evidence, Try
from tests.faults.invariants.planting import planted
from tests.faults.invariants.tries import OF_MESSAGES
from tests.faults.supervision import Death


@planted("I8", "a message without an end")
def _never_sent(evidence: Evidence) -> None:
    evidence.messages = [replace(evidence.messages[0], state="sending"), *evidence.messages[1:]]


@planted("I8", "a milestone shown twice")
def _shown_twice(evidence: Evidence) -> None:
    evidence.messages = [*evidence.messages, replace(evidence.messages[0], message_id=new_id())]


@planted("I8", "a milestone of the sender shown on a second phone", says="was shown on 2 phones of 1")
def _shown_elsewhere(evidence: Evidence) -> None:
    one = next(message for message in evidence.messages if message.audience == "sender")
    evidence.messages = [*evidence.messages, replace(one, message_id=new_id(), phone="+855779999999")]


@planted("I8", "a message that came more often than it was sent")
def _sent_twice(evidence: Evidence) -> None:
    evidence.messages = [replace(evidence.messages[0], received=2), *evidence.messages[1:]]


@planted("I8", "a message on a stranger's phone", says="not the recipient's")
def _shown_to_a_stranger(evidence: Evidence) -> None:
    _shown_on(evidence, "recipient", "+855779999999")


@planted("I8", "the recipient's message on the sender's phone", says="not the recipient's")
def _shown_to_the_sender(evidence: Evidence) -> None:
    _shown_on(evidence, "recipient", "+855961234567")


def _shown_on(evidence: Evidence, audience: str, phone: str) -> None:
    of_audience = next(one for one in evidence.messages if one.audience == audience)
    evidence.messages = [replace(one, phone=phone) if one is of_audience else one for one in evidence.messages]


@planted("I8", "a milestone that nobody was told")
def _not_told(evidence: Evidence) -> None:
    evidence.messages = evidence.messages[1:]


@planted("I8", "a message tried without end", says="was tried 7 times")
def _tried_for_ever(evidence: Evidence) -> None:
    tries = [Try(number, 100.0 * number, 100.0 * number + 1, "unknown", "no-answer-in-time") for number in range(1, 8)]
    evidence.messages = [replace(evidence.messages[0], attempts=7, tries=tries), *evidence.messages[1:]]


def first_message(evidence: Evidence, **changed: object) -> None:
    one = replace(evidence.messages[0], **changed)  # type: ignore[arg-type]
    evidence.messages = [one, *evidence.messages[1:]]


def after_deadline(evidence: Evidence) -> datetime:
    return evidence.messages[0].times.deadline + timedelta(seconds=2)


@planted("I8", "a message that failed though its channel takes everything", says="ended failed before its deadline")
def _failed(evidence: Evidence) -> None:
    first_message(evidence, state="failed", received=0)


@planted("I8", "a message that expired before its time", says="ended expired before its deadline")
def _expired_too_soon(evidence: Evidence) -> None:
    first_message(evidence, state="expired", received=0, attempts=0, tries=[])


@planted("I8", "a message shown after its deadline", says="was sent 2.0 s after its deadline")
def _shown_late(evidence: Evidence) -> None:
    times = evidence.messages[0].times
    first_message(evidence, times=replace(times, shown_at=after_deadline(evidence)))


@planted("I8", "a message tried after its deadline", says="was sent 2.0 s after its deadline")
def _tried_late(evidence: Evidence) -> None:
    times = evidence.messages[0].times
    first_message(evidence, times=replace(times, tried_at=[*times.tried_at, after_deadline(evidence)]))


@planted("I8", "a message with a deadline of its own making", says="has the deadline")
def _other_deadline(evidence: Evidence) -> None:
    times = evidence.messages[0].times
    first_message(evidence, times=replace(times, deadline=times.deadline + timedelta(days=9)))


def with_tries(evidence: Evidence, *tries: Try) -> None:
    evidence.messages = [replace(evidence.messages[0], attempts=len(tries), tries=tries), *evidence.messages[1:]]


@planted("I8", "a try that is not on record", says="and has the tries")
def _try_not_on_record(evidence: Evidence) -> None:
    evidence.messages = [replace(evidence.messages[0], attempts=2), *evidence.messages[1:]]


@planted("I8", "a message tried again though it had been accepted", says="after a try that ended accepted")
def _tried_again_though_accepted(evidence: Evidence) -> None:
    with_tries(evidence, Try(1, 2.0, 2.1, "accepted"), Try(2, 60.0, 60.1, "accepted"))


@planted("I8", "a message accepted by no try", says="its last try is not")
def _accepted_by_no_try(evidence: Evidence) -> None:
    with_tries(evidence, Try(1, 2.0, 3.0, "unknown", "no-answer-in-time"))


@planted("I8", "a message tried again at once", says="was tried again 1.0 s after")
def _tried_again_at_once(evidence: Evidence) -> None:
    with_tries(evidence, Try(1, 2.0, 3.0, "unknown", "no-answer-in-time"), Try(2, 4.0, 4.1, "accepted"))


@planted("I8", "a message taken from a sender that had it still", says="was taken from its sender")
def _taken_too_soon(evidence: Evidence) -> None:
    evidence.deaths = [Death("notifications", -9, 3.0, meant=True)]
    with_tries(evidence, Try(1, 2.0, 6.0, "unknown", SENDER_VANISHED), Try(2, 6.1, 6.2, "accepted"))


@planted("I8", "a sender that vanished though nobody died and nothing was cut off", says="no fault met it")
def _vanished_by_itself(evidence: Evidence) -> None:
    with_tries(evidence, Try(1, 2.0, 14.0, "unknown", SENDER_VANISHED), Try(2, 14.1, 14.2, "accepted"))


@planted("I8", "a channel that failed though nothing was cut off", says="no fault met it")
def _channel_failed_by_itself(evidence: Evidence) -> None:
    with_tries(evidence, Try(1, 2.0, 2.1, "unknown", "channel-raised-OSError"), Try(2, 60.0, 60.1, "accepted"))


@planted("I8", "more messages lost with one sender than it can hold", says="were in the hands of")
def _too_many_lost(evidence: Evidence) -> None:
    evidence.deaths = [Death("notifications", -9, 3.0, meant=True)]
    tries = [Try(1, 2.0, 14.0, "unknown", SENDER_VANISHED), Try(2, 14.1, 14.2, "accepted")]
    evidence.messages = [replace(evidence.messages[0], attempts=2, tries=tries)] * (OF_MESSAGES.batch + 1)
