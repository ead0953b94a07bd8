"""A message on its way to one person, about a parcel or with a code: its states, and which may follow which."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Literal, Self, TypeAlias, assert_never
from uuid import UUID

from services.notifications.domain.milestones import Audience, Milestone
from services.notifications.domain.outcome import Accepted, Outcome, Refused, Unknown

ChannelName = Literal["sms", "telegram"]

MOST_ATTEMPTS = 6
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=2)
WAIT_GROWTH = 4.0
SENDER_VANISHED = "sender-vanished"


class State(StrEnum):
    """Where a message stands."""

    WAITING_CONTACT = "waiting_contact"
    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    FAILED = "failed"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


FOLLOWING: Mapping[State, frozenset[State]] = {
    State.WAITING_CONTACT: frozenset({State.QUEUED, State.EXPIRED}),
    State.QUEUED: frozenset({State.SENDING, State.EXPIRED}),
    State.SENDING: frozenset({State.ACCEPTED, State.FAILED, State.UNKNOWN, State.QUEUED}),
    State.ACCEPTED: frozenset(),
    State.FAILED: frozenset(),
    State.EXPIRED: frozenset(),
    State.UNKNOWN: frozenset(),
}
FINAL = frozenset(state for state, following in FOLLOWING.items() if not following)


class ForbiddenTransition(ValueError):
    """A message cannot go from this state to that one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """Something for one phone, in the state that its row has."""

    first_wait: ClassVar[timedelta] = FIRST_WAIT
    """Rest after the first try that was refused."""

    message_id: UUID
    state: State
    channel: ChannelName | None
    attempts: int
    not_before: datetime
    deadline: datetime
    traceparent: str
    provider_reference: str | None = None
    reason: str | None = None

    @property
    def is_final(self) -> bool:
        """Tell whether nothing more will happen to this message."""
        return self.state in FINAL

    def concluded(self, outcome: Outcome, deduplicates: bool, now: datetime, jitter: float) -> Self:
        """Return the message after one send; `jitter` from 0 to 1 spreads the retries.

        After an unknown outcome a second send could tell twice, unless the channel drops an id that it has seen.
        """
        match outcome:
            case Accepted():
                return self._become(State.ACCEPTED, provider_reference=outcome.provider_reference)
            case Refused(permanent=True):
                return self._become(State.FAILED, reason=outcome.reason)
            case Refused():
                return self._tried_again(outcome.reason, State.FAILED, now + self._wait(jitter))
            case Unknown() if deduplicates:
                return self._tried_again(outcome.reason, State.UNKNOWN, now + self._wait(jitter))
            case Unknown():
                return self._become(State.UNKNOWN, reason=outcome.reason)
            case _:
                assert_never(outcome)

    def after_lost_lease(self, deduplicates: bool, now: datetime) -> Self:
        """Return the message whose sender vanished: sent again only where its id makes that harmless."""
        if deduplicates:
            return self._tried_again(SENDER_VANISHED, State.UNKNOWN, now)
        return self._become(State.UNKNOWN, reason=SENDER_VANISHED)

    def _wait(self, jitter: float) -> timedelta:
        return wait_after(self.attempts, jitter, self.first_wait)

    def _tried_again(self, reason: str, at_the_end: State, not_before: datetime) -> Self:
        if self.attempts >= MOST_ATTEMPTS or not_before >= self.deadline:
            return self._become(at_the_end, reason=reason)
        return self._become(State.QUEUED, not_before=not_before, reason=reason)

    def _become(
        self,
        state: State,
        *,
        not_before: datetime | None = None,
        provider_reference: str | None = None,
        reason: str | None = None,
    ) -> Self:
        if state not in FOLLOWING[self.state]:
            raise ForbiddenTransition(f"{self.state} to {state}")
        return replace(
            self,
            state=state,
            not_before=not_before or self.not_before,
            provider_reference=provider_reference,
            reason=reason,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Delivery):
    """One fact about a parcel for one person."""

    item_number: str
    milestone: Milestone
    audience: Audience

    @property
    def subject(self) -> Mapping[str, str]:
        """Return what it is about, under the name that logs have for it."""
        return {"item_number": self.item_number}


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMessage(Delivery):
    """One sign-in code for one phone; neither stands here."""

    first_wait: ClassVar[timedelta] = timedelta(seconds=2)
    milestone: ClassVar[Milestone] = Milestone.SIGN_IN_CODE
    audience: ClassVar[Audience] = Audience.MEMBER

    request_id: str

    @property
    def subject(self) -> Mapping[str, str]:
        """Return what it is about, under the name that logs have for it."""
        return {"request_id": self.request_id}


AnyMessage: TypeAlias = Message | CodeMessage


def wait_after(attempts: int, jitter: float, first: timedelta = FIRST_WAIT) -> timedelta:
    """Return how long to rest after so many attempts: growing, bounded, spread over half to all of it."""
    longest = min(first * WAIT_GROWTH ** (attempts - 1), LONGEST_WAIT)
    return longest * (0.5 + jitter / 2)
