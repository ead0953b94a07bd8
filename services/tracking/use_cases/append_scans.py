"""The heart of tracking: scans are appended, their journeys folded again, and what changed is told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import chain
from uuid import UUID

from services.tracking.domain.journey import Journey, fold
from services.tracking.domain.scan import Scan
from services.tracking.store import journeys, scans
from services.tracking.store.journeys import Kept, Told
from shared.contracts.states import CustomerState
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


class Outcome(StrEnum):
    """What became of one scan."""

    RECORDED = "recorded"
    ALREADY_RECORDED = "already_recorded"
    SCAN_ID_REUSED = "scan_id_reused"


@dataclass(frozen=True, slots=True)
class Appended:
    """What became of one scan, and the state that its number's latest journey has now."""

    outcome: Outcome
    state: CustomerState


async def append_scans(tx: Tx, outbox: Outbox, seen: Sequence[Scan], now: datetime) -> list[Appended]:
    """Append the scans that are new and return what became of each, in their order.

    Locks the journeys of their numbers, in the order of numbers.
    """
    if not seen:
        return []
    numbers = sorted({scan.item_number for scan in seen})
    await journeys.open_missing(tx, numbers, now)
    told = await journeys.lock(tx, numbers)
    known = await scans.of_numbers(tx, [number for number in numbers if told[number][0].version])
    logs = {number: {scan.scan_id: scan for scan in known.get(number, ())} for number in numbers}
    outcomes, new = _sort_out(logs, seen)
    folded = {number: fold(log.values()) for number, log in logs.items()}
    if new:
        await scans.add(tx, new)
        moved = sorted({scan.item_number for scan in new})
        await tell_journeys(tx, outbox, told, [folded[number] for number in moved], now)
    states = {number: legs[-1].state for number, legs in folded.items()}
    return [Appended(outcome, states[scan.item_number]) for outcome, scan in zip(outcomes, seen, strict=True)]


def _sort_out(logs: Mapping[str, dict[UUID, Scan]], seen: Iterable[Scan]) -> tuple[list[Outcome], list[Scan]]:
    """Put the new scans into the logs; returns each scan's outcome, and the new ones."""
    outcomes, new = [], []
    for scan in seen:
        log = logs[scan.item_number]
        first = log.get(scan.scan_id)
        if first is None:
            log[scan.scan_id] = scan
            new.append(scan)
            outcomes.append(Outcome.RECORDED)
        elif scan.says_the_same_as(first):
            outcomes.append(Outcome.ALREADY_RECORDED)
        else:
            outcomes.append(Outcome.SCAN_ID_REUSED)
    return outcomes, new


async def tell_journeys(
    tx: Tx,
    outbox: Outbox,
    told: Mapping[str, Sequence[Told]],
    folded: Sequence[Sequence[Journey]],
    now: datetime | None = None,
) -> None:
    """Write journeys that are locked, and tell those that stand otherwise than was told.

    The events bear the time given, or else the time at which the last scan of their journey reached us.
    """
    # Whoever held a number before us may have opened a journey of it after our locking statement began to wait.
    if unheard := [legs[0].last.item_number for legs in folded if _has_more(legs, told)]:
        told = {**told, **await journeys.lock(tx, unheard)}
    kept, events = [], []
    for journey in chain.from_iterable(folded):
        number = journey.last.item_number
        prior = next((one for one in told[number] if one.journey_no == journey.journey_no), None)
        event = _moved(prior, journey, now or journey.last.received_at)
        version = event.version if event else prior.version if prior else 0
        kept.append(Kept(number, version, journey))
        events += [event] if event else []
    await journeys.save(tx, kept)
    await outbox.append(tx, events)


def _has_more(legs: Sequence[Journey], told: Mapping[str, Sequence[Told]]) -> bool:
    return len(legs) > 1 and not {journey.journey_no for journey in legs} <= {
        one.journey_no for one in told[legs[0].last.item_number]
    }


def _moved(prior: Told | None, journey: Journey, now: datetime) -> ParcelMovedV1 | None:
    """Return the event that tells a journey's change; None where all is as told.

    A registration that joins earlier scans is a change: whoever registered the parcel passed their news over.
    """
    version = prior.version if prior else 0
    stands = (journey.state, journey.last.scan_id, journey.posting is not None)
    if prior and version and (prior.state, prior.last_scan_id, prior.registered) == stands:
        return None
    return ParcelMovedV1(
        time=now,
        item_number=journey.last.item_number,
        journey_no=journey.journey_no,
        version=version + 1,
        state=journey.state,
        previous_state=prior.state if prior and version else None,
        first_time_in_state=prior is None or journey.state not in prior.states_told,
        event_code=journey.last.event_code,
        office=journey.last.office,
        occurred_at=journey.last.occurred_at,
        reason=journey.last.retention_reason or journey.last.reason,
        scan_id=journey.last.scan_id,
    )
