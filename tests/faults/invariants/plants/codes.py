"""Codes that nobody got, that came twice, late, or to somebody who had not asked: I8 and I16."""

from dataclasses import replace
from datetime import timedelta

from services.notifications.domain.message import SENDER_VANISHED
from shared.contracts.notifications import CodeSentV1
from shared.contracts.parcel import SignInCodeV1
from shared.ids import new_id
from tests.faults.evidence import Evidence, Try
from tests.faults.invariants.healthy import TRADER
from tests.faults.invariants.planting import planted
from tests.faults.invariants.tries import OF_CODES
from tests.faults.supervision import Death


def the_code(evidence: Evidence, **changed: object) -> None:
    evidence.codes = [replace(evidence.codes[0], **changed)]  # type: ignore[arg-type]


def without(evidence: Evidence, owner: str, event_type: str) -> None:
    rows = [row for row in evidence.outboxes[owner] if row.type != event_type]
    evidence.outboxes = {**evidence.outboxes, owner: rows}


@planted("I8", "a trader who was told that a code comes, and none was made", says="0 codes were made for 1 traders")
def _not_made(evidence: Evidence) -> None:
    without(evidence, "parcel", SignInCodeV1.type)
    evidence.codes = []


@planted("I8", "a second code for one request of a trader", says="2 codes were made for 1 traders")
def _made_twice(evidence: Evidence) -> None:
    rows = evidence.outboxes["parcel"]
    again = next(replace(row, event_id=new_id(), key="again") for row in rows if row.type == SignInCodeV1.type)
    evidence.outboxes = {**evidence.outboxes, "parcel": [*rows, again]}


@planted("I8", "a code that nobody was sent", says="nobody was sent code")
def _not_sent(evidence: Evidence) -> None:
    evidence.codes = []


@planted("I8", "a code that nobody had asked for", says="nobody asked for it")
def _not_asked_for(evidence: Evidence) -> None:
    evidence.codes = [*evidence.codes, replace(evidence.codes[0], request_id="another", phone="+855968000002")]


@planted("I8", "a code without an end", says="is still sending")
def _never_ends(evidence: Evidence) -> None:
    the_code(evidence, state="sending")


@planted("I8", "a code whose end is not told", says="was told 0 times")
def _end_not_told(evidence: Evidence) -> None:
    without(evidence, "notifications", CodeSentV1.type)


@planted("I8", "a code tried without end", says="was tried 7 times")
def _tried_for_ever(evidence: Evidence) -> None:
    the_code(evidence, attempts=7)


@planted("I8", "a phone that shows two codes for one request", says="one phone showed 2 codes")
def _shown_twice(evidence: Evidence) -> None:
    evidence.codes = [*evidence.codes, replace(evidence.codes[0], message_id=new_id())]


@planted("I8", "a code that came more often than it was sent", says="came 2 times in 1 tries")
def _came_twice(evidence: Evidence) -> None:
    the_code(evidence, received=2)


@planted("I8", "a code that was accepted and not shown", says="was accepted and never shown")
def _not_shown(evidence: Evidence) -> None:
    the_code(evidence, received=0)


@planted("I8", "a code shown when it was too late", says="was shown 3.0 s after its deadline")
def _late(evidence: Evidence) -> None:
    times = evidence.codes[0].times
    the_code(evidence, times=replace(times, shown_at=times.deadline + timedelta(seconds=3)))


@planted("I8", "a code given up before its time", says="59.0 s too soon")
def _given_up(evidence: Evidence) -> None:
    the_code(evidence, state="expired", attempts=0, received=0)


@planted("I8", "a code given up though another try was due in time", says="ended unknown after 1 tries")
def _not_tried_again(evidence: Evidence) -> None:
    the_code(evidence, state="unknown")


def not_shown(evidence: Evidence) -> None:
    """Let the code end as it may when its time is over."""
    times = evidence.codes[0].times
    late = replace(times, ended_at=times.deadline, shown_at=None, tried_at=[])
    the_code(evidence, state="expired", attempts=0, received=0, phone="", tries=[], times=late)


@planted("I8", "a code that expired though nothing disturbed it", says="asked at 2.0 was not shown a code")
def _expired_in_quiet(evidence: Evidence) -> None:
    not_shown(evidence)
    evidence.deaths = []


@planted("I8", "a code that expired though all was well again", says="when all was well again was not shown")
def _expired_after_all(evidence: Evidence) -> None:
    not_shown(evidence)
    evidence.last_trader = TRADER


def with_tries(evidence: Evidence, *tries: Try) -> None:
    the_code(evidence, attempts=len(tries), tries=tries)


@planted("I8", "a try of a code that is not on record", says="was tried 2 times, and has the tries [1]")
def _try_not_on_record(evidence: Evidence) -> None:
    the_code(evidence, attempts=2)


@planted("I8", "a code tried again though it had been accepted", says="after a try that ended accepted")
def _tried_again_though_accepted(evidence: Evidence) -> None:
    with_tries(evidence, Try(1, 2.0, 2.1, "accepted"), Try(2, 60.0, 60.1, "accepted"))


@planted("I8", "a code tried again at once", says="was tried again 0.5 s after try 1")
def _tried_again_at_once(evidence: Evidence) -> None:
    with_tries(evidence, Try(1, 2.0, 3.0, "unknown", "no-answer-in-time"), Try(2, 3.5, 3.6, "accepted"))


@planted("I8", "a code taken from a sender that had it still", says="was taken from its sender after 3.0 s")
def _taken_too_soon(evidence: Evidence) -> None:
    evidence.deaths = [Death("notifications", -9, 3.0, meant=True)]
    with_tries(evidence, Try(1, 2.0, 5.0, "unknown", SENDER_VANISHED), Try(2, 5.1, 5.2, "accepted"))


@planted("I8", "a sender of codes that vanished though nobody died and nothing was cut off", says="no fault met it")
def _vanished_by_itself(evidence: Evidence) -> None:
    with_tries(evidence, Try(1, 2.0, 9.0, "unknown", SENDER_VANISHED), Try(2, 9.1, 9.2, "accepted"))


@planted("I8", "more codes lost with one sender than it can hold", says="9 codes were in the hands of")
def _too_many_lost(evidence: Evidence) -> None:
    evidence.deaths = [Death("notifications", -9, 3.0, meant=True)]
    with_tries(evidence, Try(1, 2.0, 9.0, "unknown", SENDER_VANISHED), Try(2, 9.1, 9.2, "accepted"))
    evidence.codes = [evidence.codes[0]] * (OF_CODES.batch + 1)


@planted("I16", "a code that is kept after its end", says="is kept")
def _kept(evidence: Evidence) -> None:
    the_code(evidence, kept=True)


@planted("I16", "a trader's phone in a log", says="holds the phone 855968000001")
def _phone_in_log(evidence: Evidence) -> None:
    evidence.texts = {"parcel.log": f"a code for {evidence.codes[0].phone}"}
