"""A sign-in code on its way to a phone: it goes at once, and not at all when it is late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from services.notifications.domain.message import Delivery
from services.notifications.domain.milestones import NEWS_FOR, Milestone


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMessage(Delivery):
    """One code for one phone; neither stands here."""

    first_wait: ClassVar[timedelta] = timedelta(seconds=2)

    request_id: str


def deadline_of(asked_at: datetime, expires_at: datetime) -> datetime:
    """Return when a code must be on its way; later it does more harm than good."""
    return min(expires_at, asked_at + NEWS_FOR[Milestone.SIGN_IN_CODE])
