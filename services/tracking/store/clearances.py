"""Table clearance: what the parcel service told of items at the border."""

from collections.abc import Sequence

from services.tracking.domain.clearance import Clearance
from services.tracking.domain.payment import Due
from shared.contracts.parcel import (
    ParcelAdvanceDataCompletedV1,
    ParcelChargesSetV1,
    ParcelCodBookedV1,
    ParcelRegisteredV1,
)
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
            ) as ended_at,
            coalesce(case when paid_at is null then cod_minor end, 0) as cod_minor,
            coalesce(cod_currency, 'KHR') as cod_currency,
            coalesce(case when paid_at is null then postage_due_riel end, 0) as postage_due_riel,
            coalesce(bound.state, '') as state
        from unnest($1::text[]) as wanted (item_number)
        left join clearance using (item_number)
        left join lateral (
            select destination_country, service, state from journey
            where journey.item_number = wanted.item_number and registered order by journey_no desc limit 1
        ) as bound on true
        """,
        item_numbers,
    )
    return {
        number: Clearance(country, service, complete, due_since, tuple(ended_at), Due(*due), state)
        for number, country, service, complete, due_since, ended_at, *due, state in records
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


async def owe(tx: Tx, registered: Sequence[ParcelRegisteredV1]) -> None:
    """Note what recipients pay, an event an item; a number that comes again for another item owes anew."""
    await tx.execute(
        """
        insert into clearance as known (item_number, cod_minor, cod_currency, postage_due_riel, due_since)
        select item_number, cod_minor, cod_currency, postage_due_riel, due_since
        from unnest($1::text[], $2::bigint[], $3::text[], $4::bigint[], $5::timestamptz[])
            as told (item_number, cod_minor, cod_currency, postage_due_riel, due_since)
        order by item_number
        on conflict (item_number) do update
            set cod_minor = excluded.cod_minor, cod_currency = excluded.cod_currency,
                postage_due_riel = excluded.postage_due_riel, due_since = excluded.due_since,
                paid_at = case when known.due_since is null then known.paid_at end
            where known.due_since is null or known.due_since < excluded.due_since
        """,
        [event.item_number for event in registered],
        [event.cod_amount_minor for event in registered],
        [event.cod_currency for event in registered],
        [event.postage_due_riel for event in registered],
        [event.registered_at for event in registered],
    )


async def pay(tx: Tx, booked: Sequence[ParcelCodBookedV1]) -> None:
    """Note which items are paid; in whatever order that is heard with their registrations."""
    await tx.execute(
        """
        insert into clearance as known (item_number, paid_at)
        select item_number, max(paid_at) from unnest($1::text[], $2::timestamptz[]) as told (item_number, paid_at)
        group by item_number order by item_number
        on conflict (item_number) do update set paid_at = excluded.paid_at
        """,
        [event.item_number for event in booked],
        [event.booked_at for event in booked],
    )
