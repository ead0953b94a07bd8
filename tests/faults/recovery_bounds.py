"""How soon after each fault all must be well: as it is written, and as this machine is held to it."""

import time
from dataclasses import dataclass

from shared.messaging.broker import SESSION_WITHIN_MS


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound of recovery; `here` is what is checked, and above `written` only where a decision says why."""

    faults: str
    what: str
    written: float
    here: float


@dataclass(frozen=True, slots=True)
class Rate:
    """What a backlog is divided by, a second, of docs/performance.md; taken lower than `written` it allows more."""

    faults: str
    what: str
    written: float
    here: float


SESSION_S = SESSION_WITHIN_MS / 1000
"""So long the broker keeps the partitions of a member that fell silent."""
STARTED = Bound("F1, F2", "seconds from a restart to the first answer, on a processor of its own", 3.0, 3.0)
CAUGHT_UP = Bound("F1, F2", "times the outage until what waited is gone", 2.0, 2.0)
ENDED = Bound("F3", "seconds from SIGTERM to the end", 10.0, 10.0)
WENT_ON = Bound("F4", "seconds from SIGCONT to work as before", 15.0, 15.0)
CONSUMED = Bound("F5", "seconds until events are applied", 15.0, 15.0)
RELAYED = Bound("F6", "times the backlog by the relay's rate", 1.2, 1.2)
REFILLED = Bound("F7", "times the events by the rate of a rebuild", 1.0, 1.0)
TAKEN_IN = Bound("F8", "seconds from the first connection to registrations", 5.0, 5.0)
WRITTEN = Bound("F9", "seconds until writes are back", 10.0, 10.0)
RETRIED = Bound("F10", "lost answers for each try that ends unknown, at the least", 1.0, 1.0)
REACHED = Bound("F11", "seconds until events are applied, the session with the broker apart", 15.0, 15.0)
ASKED = Bound("F12", "requests for each registration", 2.0, 2.0)
PUT_ASIDE = Bound("F15", "seconds until poison is put aside", 5.0, 5.0)
HAD_ROOM = Bound("F17", "seconds from room on the disk to work as before", 60.0, 60.0)
CALMED = Bound("F19", "seconds from calm to work as before", 15.0, 15.0)
LOCKED = Bound("F20", "seconds that a migration holds a lock", 1.0, 1.0)
FED = Bound("F23", "seconds until work as before", 30.0, 30.0)
RELAYS = Rate("F6", "events that a relay sends, P3", 20_000.0, 20_000.0)
REBUILDS = Rate("F7", "events that a rebuild applies, P11", 11_500.0, 11_500.0)
BOUNDS = tuple(one for one in list(globals().values()) if isinstance(one, Bound))
RATES = (RELAYS, REBUILDS)


def outage_s(since: float) -> float:
    """Return how long a service was away that died then and answers now, the session of its consumer at least."""
    return max(SESSION_S, time.monotonic() - since)
