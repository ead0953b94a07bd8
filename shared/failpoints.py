"""Named places where a test may end the process, and the key on which it may have every handler fail.

`CTCPOST_FAILPOINT=relay.acknowledged:3` kills this process when it comes to that place for the third time.
`CTCPOST_FAULTY_KEY=CP123456785KH` has the handlers of events with that key raise, as a defect of theirs would.
Without its variable either costs the call of an empty function.
"""

import os
import signal
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Protocol

VARIABLE = "CTCPOST_FAILPOINT"
FAULTY_KEY = "CTCPOST_FAULTY_KEY"


class Keyed(Protocol):
    """What handlers are given: something about one key."""

    @property
    def key(self) -> str:
        """Return what it is about."""


class PlantedDefect(Exception):
    """A handler fails on an event because a test wants it to."""


class Place(StrEnum):
    """Every step after which a crash must be harmless; `written` is inside a transaction, `committed` after it."""

    LEASE_WRITTEN = "lease.written"
    LEASE_COMMITTED = "lease.committed"
    REGISTRATION_ASKED = "registration.asked"
    REGISTRATION_COMMITTED = "registration.committed"
    REGISTRATION_ANSWERING = "registration.answering"
    CORRECTION_WRITTEN = "correction.written"
    CORRECTION_COMMITTED = "correction.committed"
    CANCELLATION_WRITTEN = "cancellation.written"
    CANCELLATION_COMMITTED = "cancellation.committed"
    DECLARATION_WRITTEN = "declaration.written"
    DECLARATION_COMMITTED = "declaration.committed"
    CODE_WRITTEN = "code.written"
    CODE_COMMITTED = "code.committed"
    SCANS_WRITTEN = "scans.written"
    SCANS_COMMITTED = "scans.committed"
    RELAY_READ = "relay.read"
    RELAY_SENT = "relay.sent"
    RELAY_ACKNOWLEDGED = "relay.acknowledged"
    RELAY_MARKED = "relay.marked"
    BATCH_READ = "batch.read"
    BATCH_KNOWN = "batch.known"
    BATCH_WRITTEN = "batch.written"
    BATCH_COMMITTED = "batch.committed"
    DEAD_LETTER_WRITTEN = "dead-letter.written"
    REPLAY_WRITTEN = "replay.written"
    CLAIM_WRITTEN = "claim.written"
    CLAIM_COMMITTED = "claim.committed"
    MESSAGE_SENT = "message.sent"
    OUTCOME_WRITTEN = "outcome.written"
    OUTCOME_COMMITTED = "outcome.committed"
    TIDY_WRITTEN = "tidy.written"
    REBUILD_BEGUN = "rebuild.begun"
    REBUILD_FILLED = "rebuild.filled"
    REBUILD_SWAPPED = "rebuild.swapped"
    REBUILD_COMMITTED = "rebuild.committed"


def armed(setting: str | None) -> Callable[[Place], None]:
    """Return what a place calls: nothing to do, or the trap that the setting describes.

    Raises: ValueError, where no place has the name given.
    """
    if not setting:
        return _go_on
    name, _, times = setting.partition(":")
    return _Trap(Place(name), int(times or 1))


def defective(key: str | None) -> Callable[[Iterable[Keyed]], None]:
    """Return what handlers call with their events: nothing to do, or a defect that shows on one key."""
    if not key:
        return _handle
    return _Defect(key)


def _go_on(_place: Place) -> None:
    """Do nothing."""


class _Trap:
    """Kills this process, as a power cut would, the n-th time that it comes to a place."""

    def __init__(self, place: Place, times: int) -> None:
        self._place = place
        self._left = times

    def __call__(self, place: Place) -> None:
        if place is self._place:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


def _handle(_events: Iterable[Keyed]) -> None:
    """Find nothing wrong."""


class _Defect:
    """Fails wherever an event has the key.

    Raises: PlantedDefect.
    """

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, events: Iterable[Keyed]) -> None:
        if any(event.key == self._key for event in events):
            raise PlantedDefect


reached = armed(os.environ.get(VARIABLE))
handled = defective(os.environ.get(FAULTY_KEY))
