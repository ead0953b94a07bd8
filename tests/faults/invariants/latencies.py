"""That nothing takes less than no time, whatever clocks say: I5."""

import re
from collections.abc import Callable, Iterator

from tests.faults.evidence import Evidence

MEASURED = re.compile(r"^(ctcpost_\w+)(?:\{[^}]*\})? (-[0-9][^ \n]*)", re.MULTILINE)
"""Of ours no measure may be negative: they are ages, durations and counts."""
LOGGED = re.compile(r'"((?:\w+_)?m?s)": ?(-[0-9][0-9.e+-]*)')
"""A length of time, by the unit in its name."""


def i5_nothing_takes_less_than_no_time(evidence: Evidence) -> Iterator[str]:
    """No measure, no line of a log and no try of a message tells of a negative time."""
    for where, text in evidence.texts.items():
        for pattern in (MEASURED, LOGGED):
            told = {match.group(1): match.group(2) for match in pattern.finditer(text)}
            yield from (f"I5 {where} tells of {name} as {value}" for name, value in told.items())
    for message in evidence.messages:
        for one in message.tries:
            if one.over_at < one.began_at:
                took_s = one.over_at - one.began_at
                yield f"I5 try {one.number} of message {message.message_id} took {took_s:.1f} s"
    yield from (f"I5 {count} rows say that {what}" for what, count in evidence.back_in_time.items() if count)


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (i5_nothing_takes_less_than_no_time,)
