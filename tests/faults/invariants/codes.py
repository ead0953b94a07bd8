"""Codes that traders sign in with: I8, and of I16 that they are forgotten."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import orjson

from onebox.simulator.history import Kind, Outcome
from services.notifications.domain.message import FINAL, MOST_ATTEMPTS, CodeMessage, State, wait_after
from shared.contracts.notifications import CodeSentV1
from shared.contracts.parcel import SignInCodeV1
from tests.faults.evidence import Evidence
from tests.faults.invariants.excuses import is_shaken_between
from tests.faults.post_office import BRISK

SHOWN_WITHIN_S = 20.0
"""Undisturbed for so long a code is shown, also on a busy machine; what comes later cannot be its excuse."""
LONGEST_SEND = timedelta(seconds=float(BRISK["NOTIFICATIONS_SEND_WITHIN_S"]))


def i8_who_asks_for_a_code_is_heard_once(evidence: Evidence) -> Iterator[str]:
    """There is a code for each trader who was told that one comes, and for nobody who did not ask.

    Events are sealed, so that they are counted: each trader asks once, though perhaps in several calls.
    """
    asked = evidence.history.of(Kind.ASK_CODE)
    heard = {call.key for call in asked if call.outcome is Outcome.OK}
    perhaps = {call.key for call in asked if call.outcome is Outcome.UNKNOWN}
    made = sum(row.type == SignInCodeV1.type for row in evidence.outboxes.get("parcel", ()))
    if not len(heard) <= made <= len(heard | perhaps):
        yield f"I8 {made} codes were made for {len(heard)} traders, {len(heard | perhaps)} at most"


def i8_every_code_ends(evidence: Evidence) -> Iterator[str]:
    """Each code is sent or was too late, after a bounded number of tries, and is told so once; nobody makes one up."""
    made = {row.key for row in evidence.outboxes.get("parcel", ()) if row.type == SignInCodeV1.type}
    aside = {str(row.event_id) for row in evidence.dead_letters if row.service == "notifications"}
    events = {row.key: str(row.event_id) for row in evidence.outboxes.get("parcel", ()) if row.key in made}
    there = {code.request_id for code in evidence.codes}
    told = Counter(
        orjson.loads(row.payload)["message_id"]
        for row in evidence.outboxes.get("notifications", ())
        if row.type == CodeSentV1.type
    )
    # What a broker lost with its disk nobody sends again: a code is asked for again.
    missing = set() if SignInCodeV1.topic in evidence.wiped else made - there
    yield from (f"I8 nobody was sent code {one}" for one in sorted(missing) if events[one] not in aside)
    yield from (f"I8 code {one} was sent and nobody asked for it" for one in sorted(there - made))
    for code in evidence.codes:
        if State(code.state) not in FINAL:
            yield f"I8 code {code.request_id} is still {code.state}"
        elif told[str(code.message_id)] != 1:
            yield f"I8 the end of code {code.request_id} was told {told[str(code.message_id)]} times"
        if code.attempts > MOST_ATTEMPTS:
            yield f"I8 code {code.request_id} was tried {code.attempts} times"


def i8_no_code_is_shown_twice(evidence: Evidence) -> Iterator[str]:
    """A phone shows one code for one request; a code is sent no more often than it was tried."""
    shown = Counter(code.phone for code in evidence.codes if code.received)
    # Not the phone: this is printed.
    yield from (f"I8 one phone showed {times} codes and had asked for one" for times in shown.values() if times > 1)
    for code in evidence.codes:
        if code.received > code.attempts:
            yield f"I8 code {code.request_id} came {code.received} times in {code.attempts} tries"
        if code.state == State.ACCEPTED and not code.received:
            yield f"I8 code {code.request_id} was accepted and never shown"


def i8_who_asks_in_quiet_is_shown_a_code(evidence: Evidence) -> Iterator[str]:
    """Where nothing was cut off, died or was shaken a code is accepted and shown: its time is long enough.

    Events are sealed, so that one that was put aside may be anybody's.
    """
    shown, aside = _shown(evidence), _put_aside(evidence)
    first = {call.key: call.sent_at for call in reversed(evidence.history.of(Kind.ASK_CODE))}
    unseen = [
        first[call.key]
        for call in evidence.history.of(Kind.ASK_CODE, Outcome.OK)
        if call.key not in shown and not is_shaken_between(evidence, first[call.key], call.ended_at + SHOWN_WITHIN_S)
    ]
    for at in sorted(unseen)[aside:]:
        # Not the phone: this is printed.
        yield f"I8 a trader who asked at {at:.1f} was not shown a code, and nothing disturbed it"


def i8_a_code_comes_when_all_is_well_again(evidence: Evidence) -> Iterator[str]:
    """Whoever asks for a code after the heal, when nothing waits any more, is shown one."""
    if evidence.last_trader and evidence.last_trader not in _shown(evidence):
        yield "I8 a trader who asked when all was well again was not shown a code"


def i8_no_code_is_late(evidence: Evidence) -> Iterator[str]:
    """No phone shows a code that was sent after its deadline; and a code is given up only where that is too near.

    A send that begins in time may take as long as any; the next try may be due after the deadline.
    """
    for code in evidence.codes:
        times = code.times
        if times.shown_at and times.shown_at > times.deadline + LONGEST_SEND:
            late_s = (times.shown_at - times.deadline).total_seconds()
            yield f"I8 code {code.request_id} was shown {late_s:.1f} s after its deadline"
        if code.state == State.ACCEPTED or not times.ended_at:
            continue
        rest = wait_after(code.attempts, 1, CodeMessage.first_wait) if code.attempts else timedelta()
        if times.ended_at + rest < times.deadline:
            left_s = (times.deadline - times.ended_at).total_seconds()
            yield f"I8 code {code.request_id} ended {code.state} after {code.attempts} tries, {left_s:.1f} s too soon"


def i16_codes_are_forgotten(evidence: Evidence) -> Iterator[str]:
    """Where a code has ended, neither it nor its phone is kept to be sent."""
    for code in evidence.codes:
        if State(code.state) in FINAL and code.kept:
            yield f"I16 code {code.request_id} has ended and is kept"


def _shown(evidence: Evidence) -> set[str]:
    """Return the phones that showed a code whose end was told so."""
    return {code.phone for code in evidence.codes if code.received and code.state == State.ACCEPTED}


def _put_aside(evidence: Evidence) -> int:
    """Count the codes whose event is a dead letter."""
    made = {row.event_id for row in evidence.outboxes.get("parcel", ()) if row.type == SignInCodeV1.type}
    return len(made & {row.event_id for row in evidence.dead_letters if row.service == "notifications"})


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    i8_who_asks_for_a_code_is_heard_once,
    i8_every_code_ends,
    i8_no_code_is_shown_twice,
    i8_who_asks_in_quiet_is_shown_a_code,
    i8_a_code_comes_when_all_is_well_again,
    i8_no_code_is_late,
    i16_codes_are_forgotten,
)
