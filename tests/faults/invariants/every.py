"""All invariants over one run."""

from collections.abc import Sequence

from tests.faults.evidence import Evidence
from tests.faults.invariants import (
    bounds,
    cancellations,
    clearances,
    codes,
    holdings,
    intake,
    journeys,
    latencies,
    log_and_topics,
    messages,
    numbers,
    projection,
    refilled,
    registrations,
    secrecy,
    sent_again,
    tries,
    versions,
)

CHECKS = (
    *registrations.CHECKS,
    *cancellations.CHECKS,
    *intake.CHECKS,
    *numbers.CHECKS,
    *log_and_topics.CHECKS,
    *refilled.CHECKS,
    *journeys.CHECKS,
    *clearances.CHECKS,
    *latencies.CHECKS,
    *projection.CHECKS,
    *messages.CHECKS,
    *tries.CHECKS,
    *codes.CHECKS,
    *versions.CHECKS,
    *bounds.CHECKS,
    *holdings.CHECKS,
    *sent_again.CHECKS,
    *secrecy.CHECKS,
)


def violations(evidence: Evidence) -> list[str]:
    """Return what is not as promised, a sentence each that begins with the invariant."""
    return [violation for check in CHECKS for violation in check(evidence)]


def only_late(found: Sequence[str]) -> bool:
    """Tell whether something fell short, and all of it is progress in time, which a neighbour on the machine may take.

    What must never happen, and what must happen at all, is no such thing.
    """
    return bool(found) and all(violation.startswith("I11 ") for violation in found)
