"""Cancellations that nobody asked for, or that were refused: I1."""

from dataclasses import replace

from onebox.simulator.history import Kind
from shared.contracts.parcel import ParcelCancelledV1
from tests.faults.evidence import Evidence
from tests.faults.invariants.healthy import BEGAN, NUMBER, OFFICE, call, outbox_row, refused
from tests.faults.invariants.planting import planted, with_calls


@planted("I1", "a parcel that is cancelled though nobody asked", says="is cancelled, and no call did it")
def _nobody_asked(evidence: Evidence) -> None:
    _cancelled(evidence)


@planted("I1", "a cancellation that was sent away and done all the same", says="is cancelled, and no call did it")
def _sent_away_and_done(evidence: Evidence) -> None:
    _cancelled(evidence)
    with_calls(evidence, refused(call(Kind.CANCEL, NUMBER, {}, {}), 503))


@planted("I1", "a parcel that is cancelled and was not told so", says="is cancelled and told so 0 times")
def _not_told(evidence: Evidence) -> None:
    evidence.parcels = [replace(evidence.parcels[0], cancelled=True)]
    with_calls(evidence, call(Kind.CANCEL, NUMBER, {}, {"item_number": NUMBER}))


def _cancelled(evidence: Evidence) -> None:
    event = ParcelCancelledV1(item_number=NUMBER, version=3, office=OFFICE, cancelled_at=BEGAN)
    evidence.outboxes = {**evidence.outboxes, "parcel": [*evidence.outboxes["parcel"], outbox_row(event)]}
    evidence.parcels = [replace(evidence.parcels[0], cancelled=True)]
