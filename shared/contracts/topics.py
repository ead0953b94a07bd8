"""The declared topics: nothing else is created, and no broker creates one by itself."""

from dataclasses import dataclass, field

DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: its name, and the settings that differ from the broker's."""

    name: str
    settings: dict[str, str] = field(default_factory=dict)
    partitions: int = 12


def _kept_days(days: int) -> dict[str, str]:
    return {"cleanup.policy": "delete", "retention.ms": str(days * DAY_MS)}


COMPACTED = {"cleanup.policy": "compact", "max.compaction.lag.ms": str(DAY_MS)}

TOPICS = (
    Topic("parcel.events", _kept_days(90)),
    Topic("parcel.directory", COMPACTED),
    Topic("parcel.contacts", COMPACTED),
    Topic("parcel.codes", _kept_days(1)),
    Topic("tracking.events", _kept_days(90)),
    Topic("tracking.codes", _kept_days(7)),
    Topic("notifications.events", _kept_days(90)),
)
