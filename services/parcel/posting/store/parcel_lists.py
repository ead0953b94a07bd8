"""Which parcels a list holds: a statement for each way of asking, so that each walks along an index."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from services.parcel.posting.domain.problems import PROBLEMS
from shared.contracts.states import CustomerState
from shared.db.connection import Tx

BEGINNING = (datetime(9999, 12, 31, tzinfo=UTC), "")
"""A place before the newest parcel."""
OLDEST = datetime(1, 1, 1, tzinfo=UTC)

PROBLEM = f"state in ({', '.join(repr(state.value) for state in sorted(PROBLEMS))})"
"""Written out, for an index holds these alone and is used for no other way of asking."""
WITHIN = f"""
    (registered_at, item_number) < ($1, $2) and registered_at >= $5 and ($4::text is null or state = $4)
    and not ($6::boolean and {PROBLEM})
"""
NEWEST_FIRST = "order by registered_at desc, item_number desc limit $3"

OF_PHONE = f"""
    select item_number from parcel
    where (sender_phone = $7 or recipient_phone = $7)
      and ($8::text is null or order_reference = $8)
      and ($9::text is null or $9 in (office, collecting_office, holding_office)) and {WITHIN}
    {NEWEST_FIRST}
"""
OF_ORDER_REFERENCE = f"""
    select item_number from parcel
    where order_reference = $7 and ($8::text is null or $8 in (office, collecting_office, holding_office)) and {WITHIN}
    {NEWEST_FIRST}
"""
OF_OFFICE = f"""
    (select item_number, registered_at from parcel where office = $7 and {WITHIN} {NEWEST_FIRST})
    union
    (select item_number, registered_at from parcel where collecting_office = $7 and {WITHIN} {NEWEST_FIRST})
    union
    (select item_number, registered_at from parcel where holding_office = $7 and {WITHIN} {NEWEST_FIRST})
    {NEWEST_FIRST}
"""
OF_TRADER = f"select item_number from parcel where trader_id = $7::uuid and {WITHIN} {NEWEST_FIRST}"
OF_ALL = f"select item_number from parcel where {WITHIN} {NEWEST_FIRST}"
WITH_PROBLEM = f"""
    select item_number from parcel
    where {PROBLEM} and ($7::text is null or $7 in (office, collecting_office, holding_office))
      and ($8::text is null or trader_id = $8::uuid) and {WITHIN}
    {NEWEST_FIRST}
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
    since: datetime | None = None
    trader: str | None = None
    problems: Literal["among", "only", "without"] = "among"


async def newest(tx: Tx, wanted: Filter, limit: int) -> list[str]:
    """Return the numbers of the newest parcels, in that order."""
    place = (*(wanted.before or BEGINNING), limit, wanted.state, wanted.since or OLDEST, wanted.problems == "without")
    if wanted.problems == "only":
        records = await tx.fetch(WITH_PROBLEM, *place, wanted.office, wanted.trader)
    elif wanted.trader:
        records = await tx.fetch(OF_TRADER, *place, wanted.trader)
    elif wanted.phone:
        records = await tx.fetch(OF_PHONE, *place, wanted.phone, wanted.order_reference, wanted.office)
    elif wanted.order_reference:
        records = await tx.fetch(OF_ORDER_REFERENCE, *place, wanted.order_reference, wanted.office)
    elif wanted.office:
        records = await tx.fetch(OF_OFFICE, *place, wanted.office)
    else:
        records = await tx.fetch(OF_ALL, *place)
    return [record["item_number"] for record in records]
