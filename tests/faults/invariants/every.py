"""All invariants over one run."""

from tests.faults.evidence import Evidence
from tests.faults.invariants import bounds, intake, log_and_topics, messages, projection, secrecy

CHECKS = (
    *intake.CHECKS,
    *log_and_topics.CHECKS,
    *projection.CHECKS,
    *messages.CHECKS,
    *bounds.CHECKS,
    *secrecy.CHECKS,
)


def violations(evidence: Evidence) -> list[str]:
    """Return what is not as promised, a sentence each that begins with the invariant."""
    return [violation for check in CHECKS for violation in check(evidence)]
