"""What every call of a run was answered: ok, refused or unknown, in the order in which the answers came.

A time-out or a lost connection is unknown, never failed: the service may or may not have done what was asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """How much a caller knows after a call."""

    OK = "ok"
    REFUSED = "refused"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What was asked."""

    SIGN_IN = "sign-in"
    RENEW = "renewal"
    REGISTER = "register"
    CORRECT = "correct"
    DECLARE = "declare"
    CANCEL = "cancel"
    SCAN = "scan"
    SCAN_BATCH = "scan-batch"
    RECORD = "record"
    """A scan that a device made without a line and sent later."""
    READ_JOURNEY = "read-journey"
    READ_PARCEL = "read-parcel"
    ASK_CODE = "ask-for-code"


@dataclass(frozen=True, slots=True)
class Call:
    """One request and its end; times are seconds of the monotonic clock, `due_at` is when it was meant to leave.

    `key` is what makes a repeated call the same call: the idempotency key, the scan id, the item number.
    """

    kind: Kind
    key: str
    outcome: Outcome
    status: int | None
    due_at: float
    sent_at: float
    ended_at: float
    asked: Mapping[str, Any]
    answer: Mapping[str, Any]
    reason: str = ""
    """The slug of a problem, or the kind of a transport error."""
    office: str = ""
    """Whose clerk asked, or the name of one of the staff who is bound to none; nothing where anybody may ask."""
    body: bytes = b""
    """The answer to a registration, to the byte; of other answers only what they say is kept."""

    @property
    def took_s(self) -> float:
        """Return how long the caller waited, counted from when the call was due."""
        return self.ended_at - self.due_at


@dataclass(slots=True)
class History:
    """The calls of a run; `on_call` hears of each as it ends."""

    calls: list[Call] = field(default_factory=list)
    on_call: Callable[[Call], None] = lambda _call: None

    def note(self, call: Call) -> None:
        """Write a call down."""
        self.calls.append(call)
        self.on_call(call)

    def of(self, kind: Kind, *outcomes: Outcome) -> list[Call]:
        """Return the calls of a kind, all or those with one of these outcomes."""
        return [call for call in self.calls if call.kind is kind and (not outcomes or call.outcome in outcomes)]
