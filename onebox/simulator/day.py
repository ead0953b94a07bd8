"""A day of the counters: how many there are, how busy which hour is, and the part of the day that is played."""

from dataclasses import dataclass
from enum import StrEnum

OPENS_AT_H = 8
SHARE_OF_HOUR = (0.08, 0.12, 0.15, 0.12, 0.07, 0.07, 0.11, 0.12, 0.10, 0.06)
"""The share of the day's parcels in each opening hour; a peak of 15 % is what loads are reckoned with."""
PEAK = SHARE_OF_HOUR.index(max(SHARE_OF_HOUR))
OPEN_MIN = 60 * len(SHARE_OF_HOUR)
EVENTS_A_PARCEL = 8.0
"""What a planned life makes at least, on average; a test holds it true."""


class LevelName(StrEnum):
    """The sizes of the post that the system is measured at."""

    PILOT = "pilot"
    NATION = "nation"


@dataclass(frozen=True, slots=True)
class Level:
    """A size: its counters, and what its peak hour brings a second."""

    offices: int
    registrations_per_s: float
    events_per_s: float

    @property
    def peak_per_s(self) -> float:
        """Return the registrations a second that make both figures at least."""
        return max(self.registrations_per_s, self.events_per_s / EVENTS_A_PARCEL)


LEVELS = {
    LevelName.PILOT: Level(offices=18, registrations_per_s=0.15, events_per_s=1.2),
    LevelName.NATION: Level(offices=558, registrations_per_s=4.7, events_per_s=37.0),
}


@dataclass(frozen=True, slots=True)
class Day:
    """The part of a day that is played in so many real minutes at a speed, the peak hour in its middle."""

    level: Level
    minutes: float
    speed: float

    @property
    def begins_min(self) -> float:
        """Return where the part begins, in minutes after opening."""
        middle = 60 * PEAK + 30
        return min(max(0.0, middle - self.minutes * self.speed / 2), max(0.0, OPEN_MIN - self.minutes * self.speed))

    def per_s(self, at_s: float) -> float:
        """Return the registrations a second that are due at a real second; before the first, what it begins with."""
        hour = int((self.begins_min + max(0.0, at_s) / 60 * self.speed) // 60)
        if hour >= len(SHARE_OF_HOUR):
            return 0.0
        return self.level.peak_per_s * SHARE_OF_HOUR[hour] / SHARE_OF_HOUR[PEAK] * self.speed

    def clock(self, at_s: float) -> str:
        """Return what the clock on the wall shows."""
        shown = 60 * OPENS_AT_H + self.begins_min + max(0.0, at_s) / 60 * self.speed
        return f"{int(shown // 60):02}:{int(shown % 60):02}"
