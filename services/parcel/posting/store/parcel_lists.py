"""Which parcels a list holds, newest first: a statement for each way of asking, so that each walks along an index."""

from dataclasses import dataclass
from datetime import UTC, datetime

from shared.contracts.states import CustomerState
from shared.db.connection import Tx

BEGINNING = (datetime(9999, 12, 31, tzinfo=UTC), "")
"""A place before the newest parcel."""

OF_PHONE = """
    select item_number from parcel
    where (sender_phone = $5 or recipient_phone = $5)
      and ($6::text is null or order_reference = $6)
      and ($7::text is null or $7 in (office, collecting_office, holding_office))
      and ($4::text is null or state = $4) and (registered_at, item_number) < ($1, $2)
    order by registered_at desc, item_number desc limit $3
"""
OF_ORDER_REFERENCE = """
    select item_number from parcel
    where order_reference = $5 and ($6::text is null or $6 in (office, collecting_office, holding_office))
      and ($4::text is null or state = $4) and (registered_at, item_number) < ($1, $2)
    order by registered_at desc, item_number desc limit $3
"""
OF_OFFICE = """
    (select item_number, registered_at from parcel
     where office = $5 and ($4::text is null or state = $4) and (registered_at, item_number) < ($1, $2)
     order by registered_at desc, item_number desc limit $3)
    union
    (select item_number, registered_at from parcel
     where collecting_office = $5 and ($4::text is null or state = $4) and (registered_at, item_number) < ($1, $2)
     order by registered_at desc, item_number desc limit $3)
    union
    (select item_number, registered_at from parcel
     where holding_office = $5 and ($4::text is null or state = $4) and (registered_at, item_number) < ($1, $2)
     order by registered_at desc, item_number desc limit $3)
    order by registered_at desc, item_number desc limit $3
"""
OF_ALL = """
    select item_number from parcel
    where ($4::text is null or state = $4) and (registered_at, item_number) < ($1, $2)
    order by registered_at desc, item_number desc limit $3
"""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which parcels to list; None means any. `before` is the place of the last one seen."""

    office: str | None = None
    """One that posted, holds or will hand over."""
    phone: str | None = None
    order_reference: str | None = None
    state: CustomerState | None = None
    before: tuple[datetime, str] | None = None


async def newest(tx: Tx, wanted: Filter, limit: int) -> list[str]:
    """Return the numbers of the newest parcels, in that order."""
    place = (*(wanted.before or BEGINNING), limit, wanted.state)
    if wanted.phone:
        records = await tx.fetch(OF_PHONE, *place, wanted.phone, wanted.order_reference, wanted.office)
    elif wanted.order_reference:
        records = await tx.fetch(OF_ORDER_REFERENCE, *place, wanted.order_reference, wanted.office)
    elif wanted.office:
        records = await tx.fetch(OF_OFFICE, *place, wanted.office)
    else:
        records = await tx.fetch(OF_ALL, *place)
    return [record["item_number"] for record in records]
