"""All invariants over one run."""

from tests.faults.evidence import Evidence
from tests.faults.invariants import (
    bounds,
    codes,
    intake,
    journeys,
    log_and_topics,
    messages,
    projection,
    registrations,
    secrecy,
    sent_again,
    tries,
    versions,
)

CHECKS = (
    *registrations.CHECKS,
    *intake.CHECKS,
    *log_and_topics.CHECKS,
    *journeys.CHECKS,
    *projection.CHECKS,
    *messages.CHECKS,
    *tries.CHECKS,
    *codes.CHECKS,
    *versions.CHECKS,
    *bounds.CHECKS,
    *sent_again.CHECKS,
    *secrecy.CHECKS,
)


def violations(evidence: Evidence) -> list[str]:
    """Return what is not as promised, a sentence each that begins with the invariant."""
    return [violation for check in CHECKS for violation in check(evidence)]
