"""Table journey: the state that the scans of a number add up to, and what was told of it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.tracking.domain.journey import Journey
from shared.contracts.states import CustomerState
from shared.db.connection import Tx

KNOWN_STATES = frozenset(CustomerState)


@dataclass(frozen=True, slots=True)
class Told:
    """What the last version of a journey said; version 0 has said nothing yet.

    The state is None where a newer release told one that this release does not know.
    """

    journey_no: int
    version: int
    state: CustomerState | None
    states_told: frozenset[str]
    last_scan_id: UUID | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A journey as it is to be written, under the number and the version that it now has."""

    item_number: str
    version: int
    journey: Journey


async def open_missing(tx: Tx, item_numbers: Sequence[str], now: datetime) -> None:
    """Open the first journey of each number that has none; waits for whoever opens the same one."""
    await tx.execute(
        """
        insert into journey (item_number, journey_no, version, state, states_told, opened_at, registered)
        select item_number, 1, 0, 'announced', '{}', $2, false from unnest($1::text[]) as seen (item_number)
        order by item_number
        on conflict do nothing
        """,
        item_numbers,
        now,
    )


async def lock(tx: Tx, item_numbers: Sequence[str]) -> dict[str, list[Told]]:
    """Lock the journeys of these numbers, in their order, so that the locks of two batches cannot cross."""
    records = await tx.fetch(
        """
        select j.item_number, journey_no, version, state, states_told, last_scan_id
        from (select item_number from unnest($1::text[]) as number (item_number) order by item_number) as wanted
        cross join lateral (
            select * from journey where journey.item_number = wanted.item_number order by journey_no for update
        ) as j
        """,
        item_numbers,
    )
    told = defaultdict(list)
    for number, journey_no, version, state, states_told, last_scan_id in records:
        known = CustomerState(state) if state in KNOWN_STATES else None
        one = Told(journey_no, version, known, frozenset(states_told), last_scan_id)
        told[number].append(one)
    return told


async def save(tx: Tx, kept: Sequence[Kept]) -> None:
    """Write journeys whose numbers are locked; a second journey of a number begins here."""
    journeys = [one.journey for one in kept]
    postings = [journey.posting for journey in journeys]
    await tx.execute(
        """
        insert into journey as j (
            item_number, journey_no, version, state, states_told, opened_at, ended_at,
            last_scan_id, last_event_code, last_office, last_occurred_at, registered, office_of_posting,
            collecting_office, destination_country, service, weight_g, link_secret_sha256)
        select item_number, journey_no, version, state, array[state], opened_at, ended_at,
            last_scan_id, last_event_code, last_office, last_occurred_at, registered, office_of_posting,
            collecting_office, destination_country, service, weight_g, link_secret_sha256
        from unnest($1::text[], $2::integer[], $3::integer[], $4::text[], $5::timestamptz[],
            $6::timestamptz[], $7::uuid[], $8::text[], $9::text[], $10::timestamptz[],
            $11::boolean[], $12::text[], $13::text[], $14::text[], $15::text[], $16::integer[], $17::text[])
            as folded (item_number, journey_no, version, state, opened_at, ended_at, last_scan_id, last_event_code,
            last_office, last_occurred_at, registered, office_of_posting, collecting_office, destination_country,
            service, weight_g, link_secret_sha256)
        on conflict (item_number, journey_no) do update set
            version = excluded.version,
            state = excluded.state,
            states_told = case when excluded.state = any(j.states_told) then j.states_told
                else j.states_told || excluded.state end,
            opened_at = excluded.opened_at,
            ended_at = excluded.ended_at,
            last_scan_id = excluded.last_scan_id,
            last_event_code = excluded.last_event_code,
            last_office = excluded.last_office,
            last_occurred_at = excluded.last_occurred_at,
            registered = excluded.registered,
            office_of_posting = excluded.office_of_posting,
            collecting_office = excluded.collecting_office,
            destination_country = excluded.destination_country,
            service = excluded.service,
            weight_g = excluded.weight_g,
            link_secret_sha256 = excluded.link_secret_sha256
        """,
        [one.item_number for one in kept],
        [journey.journey_no for journey in journeys],
        [one.version for one in kept],
        [journey.state for journey in journeys],
        [journey.opened_at for journey in journeys],
        [journey.ended_at for journey in journeys],
        [journey.last.scan_id for journey in journeys],
        [journey.last.event_code for journey in journeys],
        [journey.last.office for journey in journeys],
        [journey.last.occurred_at for journey in journeys],
        [posting is not None for posting in postings],
        [journey.office_of_posting for journey in journeys],
        [posting and posting.collecting_office for posting in postings],
        [posting and posting.destination_country for posting in postings],
        [posting and posting.service for posting in postings],
        [posting and posting.weight_g for posting in postings],
        [posting and posting.link_secret_sha256 for posting in postings],
    )
