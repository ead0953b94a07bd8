"""The declared topics: nothing else is created, and no broker creates one by itself."""

from dataclasses import dataclass, field
from typing import Literal

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: its name, the settings that differ from the broker's, and how it is filled after a loss."""

    name: str
    settings: dict[str, str] = field(default_factory=dict)
    partitions: int = 12
    refill: Literal["from outbox", "from current rows", "never"] = "from outbox"
    """A compacted topic must not get old versions last; a code that was sent once is never sent again."""


BY_THE_BROKERS_CLOCK = {"message.timestamp.type": "LogAppendTime"}
"""A broker refuses records an hour ahead of it and drops old ones early; a service's wrong clock must do neither."""


def _kept_days(days: int) -> dict[str, str]:
    return {"cleanup.policy": "delete", "retention.ms": str(days * DAY_MS), **BY_THE_BROKERS_CLOCK}


COMPACTED = {"cleanup.policy": "compact", "max.compaction.lag.ms": str(DAY_MS), **BY_THE_BROKERS_CLOCK}

TOPICS = (
    Topic("parcel.events", _kept_days(90)),
    Topic("parcel.directory", COMPACTED, refill="from current rows"),
    Topic("parcel.contacts", COMPACTED, refill="from current rows"),
    Topic("parcel.codes", _kept_days(1), refill="never"),
    Topic("tracking.events", _kept_days(90)),
    Topic("tracking.codes", _kept_days(7), refill="never"),
    Topic("notifications.events", _kept_days(90)),
)
