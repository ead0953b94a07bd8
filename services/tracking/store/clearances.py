"""Table clearance: what the parcel service told of items at the border."""

from collections.abc import Sequence

from services.tracking.domain.clearance import Clearance
from shared.contracts.parcel import ParcelAdvanceDataCompletedV1, ParcelChargesSetV1
from shared.db.connection import Tx


async def find(tx: Tx, item_numbers: Sequence[str]) -> dict[str, Clearance]:
    """Return what is known of each of these numbers; where it goes is known from its latest registration."""
    records = await tx.fetch(
        """
        select wanted.item_number, bound.destination_country, bound.service,
            advance_data_completed_at is not null as advance_data_complete,
            case when charges = 'due' then charges_told_at end as charges_due_since,
            array(
                select ended_at from journey
                where journey.item_number = wanted.item_number and ended_at is not null order by journey_no
            ) as ended_at
        from unnest($1::text[]) as wanted (item_number)
        left join clearance using (item_number)
        left join lateral (
            select destination_country, service from journey
            where journey.item_number = wanted.item_number and registered order by journey_no desc limit 1
        ) as bound on true
        """,
        item_numbers,
    )
    return {
        number: Clearance(country, service, complete, due_since, tuple(ended_at))
        for number, country, service, complete, due_since, ended_at in records
    }


async def complete(tx: Tx, told: Sequence[ParcelAdvanceDataCompletedV1]) -> None:
    """Note of which declarations the advance data are complete, an event an item; an older one changes nothing."""
    await tx.execute(
        """
        insert into clearance as known (item_number, advance_data_completed_at, advance_data_version)
        select item_number, completed_at, version
        from unnest($1::text[], $2::timestamptz[], $3::integer[]) as told (item_number, completed_at, version)
        order by item_number
        on conflict (item_number) do update
            set advance_data_completed_at = excluded.advance_data_completed_at,
                advance_data_version = excluded.advance_data_version
            where known.advance_data_version < excluded.advance_data_version
        """,
        [event.item_number for event in told],
        [event.completed_at for event in told],
        [event.declaration_version for event in told],
    )


async def charge(tx: Tx, told: Sequence[ParcelChargesSetV1]) -> None:
    """Note whether charges are due, an event an item; one that is older than what is known changes nothing."""
    await tx.execute(
        """
        insert into clearance as known (item_number, charges, charges_version, charges_told_at)
        select item_number, charges, version, told_at
        from unnest($1::text[], $2::text[], $3::integer[], $4::timestamptz[])
            as told (item_number, charges, version, told_at)
        order by item_number
        on conflict (item_number) do update
            set charges = excluded.charges, charges_version = excluded.charges_version,
                charges_told_at = excluded.charges_told_at
            where known.charges_version < excluded.charges_version
        """,
        [event.item_number for event in told],
        [event.charges for event in told],
        [event.version for event in told],
        [event.time for event in told],
    )
