"""What a fault explains: work that is done again because somebody died, was stopped, or was cut off meanwhile."""

from tests.faults.evidence import UNHURT, Evidence, Window
from tests.faults.supervision import Death

AFTERMATH_S = 60.0
"""After an outage so long a send may still wait for an answer that will not come, twice over."""
NOTED_WITHIN_S = 2.0
"""What had left a process before it died may arrive a moment after its death was noted."""


def deaths_between(evidence: Evidence, service: str, since: float, until: float) -> list[Death]:
    """Return the deaths of a service's processes in a time, the earliest first."""
    return sorted(
        (one for one in evidence.deaths if _of(one.name) == service and since - NOTED_WITHIN_S <= one.at <= until),
        key=lambda death: death.at,
    )


def outage_between(evidence: Evidence, since: float, until: float) -> Window | None:
    """Return an outage of servers or of the network that touches a time, or that ended shortly before it."""
    touching = (one for one in outages(evidence) if one.began_at <= until and since <= one.ended_at + AFTERMATH_S)
    return next(touching, None)


def outages(evidence: Evidence) -> list[Window]:
    """Return the times in which services were kept from working by something else than their own deaths."""
    return [window for window in evidence.windows if window.outage and not window.killing]


def is_shaken_between(evidence: Evidence, since: float, until: float) -> bool:
    """Tell whether a death, an outage, or a fault that lets less be done touches a time, or ended shortly before."""
    shaking = [window for window in evidence.windows if window.outage or window.share < UNHURT]
    return any(one.began_at <= until and since <= one.ended_at + AFTERMATH_S for one in shaking) or any(
        since - AFTERMATH_S <= death.at <= until for death in evidence.deaths
    )


def was_disturbed(evidence: Evidence) -> bool:
    """Tell whether anybody died, stopped or was cut off, so that a database may see him for a moment longer."""
    return bool(evidence.deaths or evidence.stops or any(window.outage for window in evidence.windows))


def was_stopped_between(evidence: Evidence, service: str, since: float, until: float) -> bool:
    """Tell whether a process of a service was asked to end in a time."""
    return any(_of(stop.name) == service and since - NOTED_WITHIN_S <= stop.at <= until for stop in evidence.stops)


def _of(process: str) -> str:
    return process.partition("-")[0]
