"""What others make of where parcels are: that they follow, hear of each version, and read in order; I4 and I5."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime

from onebox.simulator.history import Kind, Outcome
from services.tracking.domain.event_codes import RANKS, EventCode
from tests.faults.evidence import Evidence
from tests.faults.invariants.journeys import movements

AFTER_A_HAND_OVER = {"delivered", "returned"}
"""A late scan can show that the parcel had been turned back, so that its sender was handed it."""


def i4_parcels_follow_their_journeys(evidence: Evidence) -> Iterator[str]:
    """After the drain a parcel has the state of its journey, and knows its latest version."""
    latest = {row.item_number: row for row in sorted(evidence.journeys, key=lambda row: row.journey_no)}
    for parcel in evidence.parcels:
        journey = latest.get(parcel.item_number)
        if journey is None:
            yield f"I4 {parcel.item_number} has no journey"
        elif parcel.state != journey.state or parcel.moved != (journey.journey_no, journey.version):
            where = f"{journey.state} {journey.version}"
            yield f"I4 {parcel.item_number} is {parcel.state} {parcel.moved[1]} and its journey is {where}"


def i4_movements_are_told_version_by_version(evidence: Evidence) -> Iterator[str]:
    """A journey of version n was told n times, each version once."""
    told = {key: [one.version for one in heard] for key, heard in movements(evidence).items()}
    for row in evidence.journeys:
        versions = told.pop((row.item_number, row.journey_no), [])
        if versions != list(range(1, row.version + 1)):
            yield f"I4 {row.item_number} has version {row.version} and told {versions}"
    yield from (f"I4 {number} moved and has no journey {journey_no}" for number, journey_no in told)


def i5_timelines_are_in_order(evidence: Evidence) -> Iterator[str]:
    """What anybody reads is ordered by corrected time and rank of the code, whatever the order of arrival."""
    for call in evidence.history.of(Kind.READ_JOURNEY, Outcome.OK):
        places = [
            (datetime.fromisoformat(event["occurred_at"]), RANKS[EventCode(event["event_code"])])
            for event in call.answer.get("events", ())
        ]
        if places != sorted(places):
            yield f"I5 {call.key} was read out of order"


def i5_what_is_delivered_stays_delivered(evidence: Evidence) -> Iterator[str]:
    """A parcel that was handed over is never on its way again, neither as told nor as read."""
    told: dict[str, list[str]] = defaultdict(list)
    for (number, journey_no), heard in movements(evidence).items():
        told[f"{number} {journey_no}"] += [moved.state for moved in heard]
    for call in sorted(evidence.history.of(Kind.READ_JOURNEY, Outcome.OK), key=lambda call: call.sent_at):
        told[f"{call.key} as read"].append(str(call.answer.get("state")))
    for number, states in told.items():
        if "delivered" in states and not set(states[states.index("delivered") :]) <= AFTER_A_HAND_OVER:
            yield f"I5 {number} was delivered and then {states[-1]}"


CHECKS: tuple[Callable[[Evidence], Iterator[str]], ...] = (
    i4_parcels_follow_their_journeys,
    i4_movements_are_told_version_by_version,
    i5_timelines_are_in_order,
    i5_what_is_delivered_stays_delivered,
)
