"""A journey's row made anew: folded from the log, beside what the others were told, which the log does not say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.tracking.domain.journey import Journey, fold
from services.tracking.domain.scan import Scan
from shared.contracts.states import CustomerState


@dataclass(frozen=True, slots=True)
class JourneyRow:
    """One journey as it stands in its table, column by column."""

    item_number: str
    journey_no: int
    version: int
    state: str
    states_told: tuple[str, ...]
    opened_at: datetime
    ended_at: datetime | None
    last_scan_id: UUID | None
    last_event_code: str | None
    last_office: str | None
    last_occurred_at: datetime | None
    registered: bool
    office_of_posting: str | None
    collecting_office: str | None
    destination_country: str | None
    service: str | None
    weight_g: int | None
    link_secret_sha256: str | None
    told_state: str | None
    told_scan_id: UUID | None


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of a journey: how often, which states, and the state and scan of the last time."""

    version: int
    states: tuple[str, ...]
    state: str
    scan_id: UUID | None


NOTHING_HEARD: Mapping[int, Told] = {}


def rebuild(
    log: Sequence[Scan], live: Sequence[JourneyRow], heard: Mapping[int, Told] = NOTHING_HEARD
) -> list[JourneyRow]:
    """Return the rows of one number, oldest journey first: the fold of its whole log, with what was told of it.

    What was told is in the live rows, and for each journey in what was heard elsewhere. A live journey that was told
    and is in no scan of the log stays as it is, for a version is never given out twice.
    """
    told = {row.journey_no: row for row in live if row.version}
    folded = [
        _row(journey, _told(told.pop(journey.journey_no, None), heard.get(journey.journey_no), journey, len(log)))
        for journey in fold(log)
    ]
    return [*folded, *told.values()]


def _told(live: JourneyRow | None, heard: Told | None, journey: Journey, seen: int) -> Told:
    stands = (journey.state.value, journey.last.scan_id)
    if live is None:
        # No scan makes more than one version: this one is not below any that may have been told.
        return heard or Told(seen, (journey.state.value,), *stands)
    told = Told(
        live.version,
        live.states_told,
        live.told_state or live.state,
        live.told_scan_id if live.told_state else live.last_scan_id,
    )
    if heard is None:
        return told
    # Where one version was told twice, others keep what they heard first, which then is not what stands now.
    later = (
        heard.version > told.version
        or told.state == CustomerState.ANNOUNCED
        or (heard.version == told.version and (heard.state, heard.scan_id) != stands)
    )
    states = tuple(dict.fromkeys([*told.states, *heard.states]))
    return replace(heard if later else told, version=max(heard.version, told.version), states=states)


def _row(journey: Journey, told: Told) -> JourneyRow:
    last, posting = journey.last, journey.posting
    as_told = (told.state, told.scan_id) == (journey.state.value, last.scan_id)
    return JourneyRow(
        item_number=last.item_number,
        journey_no=journey.journey_no,
        version=told.version,
        state=journey.state.value,
        states_told=told.states,
        opened_at=journey.opened_at,
        ended_at=journey.ended_at,
        last_scan_id=last.scan_id,
        last_event_code=last.event_code.value,
        last_office=last.office,
        last_occurred_at=last.occurred_at,
        registered=posting is not None,
        office_of_posting=journey.office_of_posting,
        collecting_office=posting.collecting_office if posting else None,
        destination_country=posting.destination_country if posting else None,
        service=posting.service if posting else None,
        weight_g=posting.weight_g if posting else None,
        link_secret_sha256=posting.link_secret_sha256 if posting else None,
        told_state=None if as_told else told.state,
        told_scan_id=None if as_told else told.scan_id,
    )
