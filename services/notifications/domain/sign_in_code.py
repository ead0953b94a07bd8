"""A sign-in code goes at once, and not at all when it is late."""

from datetime import datetime

from services.notifications.domain.milestones import NEWS_FOR, Milestone


def deadline_of(asked_at: datetime, expires_at: datetime) -> datetime:
    """Return when a code must be on its way; later it does more harm than good."""
    return min(expires_at, asked_at + NEWS_FOR[Milestone.SIGN_IN_CODE])
