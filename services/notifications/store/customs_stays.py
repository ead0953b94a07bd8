"""Table customs_stay: whether customs has an item from abroad, as tracking says."""

from collections.abc import Sequence

from services.notifications.domain.customs_news import is_at_customs
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Tx


async def save(tx: Tx, moved: Sequence[ParcelMovedV1]) -> None:
    """Insert or replace; older news change nothing, and a stay goes on from when it began. One row a key."""
    await tx.execute(
        """
        insert into customs_stay (item_number, journey_no, version, at_customs, office, occurred_at, told_at)
        select * from unnest($1::text[], $2::integer[], $3::integer[], $4::boolean[], $5::text[], $6::timestamptz[],
            $7::timestamptz[]) as newer (item_number, journey_no, version, at_customs, office, occurred_at, told_at)
        order by item_number
        on conflict (item_number) do update
        set journey_no = excluded.journey_no, version = excluded.version, at_customs = excluded.at_customs,
            office = excluded.office, occurred_at = excluded.occurred_at,
            told_at = case when customs_stay.at_customs and excluded.at_customs
                    and customs_stay.journey_no = excluded.journey_no
                then customs_stay.told_at else excluded.told_at end
        where (customs_stay.journey_no, customs_stay.version) < (excluded.journey_no, excluded.version)
        """,
        [one.item_number for one in moved],
        [one.journey_no for one in moved],
        [one.version for one in moved],
        [is_at_customs(one) for one in moved],
        [one.office for one in moved],
        [one.occurred_at for one in moved],
        [one.time for one in moved],
    )
