"""Which items from abroad a list holds: a statement for those of a time, and one for those of words."""

from collections.abc import Collection

from services.parcel.customs.domain.inbound_lists import InboundFilter, Place
from shared.contracts.states import CustomerState
from shared.db.connection import Tx


async def newest(tx: Tx, wanted: InboundFilter, after: Place, limit: int) -> list[Place]:
    """Return the newest items behind a place, whatever words are asked for."""
    records = await tx.fetch(
        """
        select true, received_at, item_number from inbound_item
        where ($1::text is null or addressee ->> 'phone' = $1)
          and ($2::text is null or state = $2)
          and ($3::text is null or $3 in (taking_office, collecting_office, holding_office))
          and ($4::timestamptz is null or received_at >= $4)
          and ($5::timestamptz is null or received_at < $5)
          and (received_at, item_number) < ($6, $7)
        order by received_at desc, item_number desc limit $8
        """,
        wanted.phone,
        wanted.state,
        wanted.office,
        wanted.since,
        wanted.until,
        after.received_at,
        after.item_number,
        limit,
    )
    return [Place(*record) for record in records]


async def fitting(tx: Tx, wanted: InboundFilter, after: Place, limit: int) -> list[Place]:
    """Return the items behind a place that hold all words of one kind, those that fit exactly first.

    Where a phone is among the words it is the addressee's, for its last digits alone are kept as a word.
    """
    assert wanted.words is not None
    records = await tx.fetch(
        """
        select fits, received_at, item_number from inbound_item cross join lateral (select terms @> $1 as fits) as asked
        where (terms @> $1::text[] or terms @> $2::text[])
          and ($3::text is null or addressee ->> 'phone' like '%' || $3)
          and ($4::text is null or addressee ->> 'phone' = $4)
          and ($5::text is null or state = $5)
          and ($6::text is null or $6 in (taking_office, collecting_office, holding_office))
          and ($7::timestamptz is null or received_at >= $7)
          and ($8::timestamptz is null or received_at < $8)
          and (fits, received_at, item_number) < ($9, $10, $11)
        order by fits desc, received_at desc, item_number desc limit $12
        """,
        sorted(wanted.words.exact),
        sorted(wanted.words.alike),
        wanted.phone_ending,
        wanted.phone,
        wanted.state,
        wanted.office,
        wanted.since,
        wanted.until,
        after.fits,
        after.received_at,
        after.item_number,
        limit,
    )
    return [Place(*record) for record in records]


async def held_by(tx: Tx, office: str, states: Collection[CustomerState], limit: int) -> list[str]:
    """Return the numbers of the items that an office holds, is to hand over, and has in some states, newest first."""
    records = await tx.fetch(
        """
        select item_number from inbound_item
        where holding_office = $1 and coalesce(collecting_office, taking_office) = $1 and state = any($2::text[])
          and erased_at is null and withdrawn_for is null
        order by received_at desc, item_number desc limit $3
        """,
        office,
        sorted(states),
        limit,
    )
    return [record["item_number"] for record in records]
