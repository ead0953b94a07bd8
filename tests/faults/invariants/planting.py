"""What is planted into healthy evidence, by name; the modules of `plants` add to it."""

from collections.abc import Callable

from onebox.simulator.history import Call, History, Kind
from tests.faults.evidence import DeadLetterRow, Evidence

Plant = Callable[[Evidence], None]
PLANTED: dict[str, tuple[Plant, str]] = {}
"""Each plant by its invariant and what is wrong, with words that the violation must hold."""


def planted(invariant: str, fault: str, says: str = "") -> Callable[[Plant], Plant]:
    """Add a violation to what is planted; where others of its invariant come with it, name the words of its own."""

    def keep(plant: Plant) -> Plant:
        PLANTED[f"{invariant} {fault}"] = (plant, says)
        return plant

    return keep


def first(evidence: Evidence, kind: Kind) -> Call:
    """Return a call of a kind that succeeded."""
    return evidence.history.of(kind)[-1]


def with_calls(evidence: Evidence, *calls: Call) -> None:
    """Add calls to the history."""
    evidence.history = History([*evidence.history.calls, *calls])


def dead_letter(evidence: Evidence) -> DeadLetterRow:
    """Return the first record as one that was put aside."""
    record = evidence.records[0]
    where = (record.topic, record.partition, record.offset)
    return DeadLetterRow("tracking", *where, None, record.payload, "why", "parked", parked_at=5.0, waited_s=1.0)
