"""All invariants over one run."""

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
