"""Codes that nobody got, that came twice, late, or to somebody who had not asked: I8 and I16."""

from dataclasses import replace
from datetime import timedelta

from shared.contracts.notifications import CodeSentV1
from shared.contracts.parcel import SignInCodeV1
from shared.ids import new_id
from tests.faults.evidence import Evidence
from tests.faults.invariants.planting import planted


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


@planted("I16", "a code that is kept after its end", says="is kept")
def _kept(evidence: Evidence) -> None:
    the_code(evidence, kept=True)


@planted("I16", "a trader's phone in a log", says="holds the phone 855968000001")
def _phone_in_log(evidence: Evidence) -> None:
    evidence.texts = {"parcel.log": f"a code for {evidence.codes[0].phone}"}
