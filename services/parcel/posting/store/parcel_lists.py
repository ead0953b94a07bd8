"""Which parcels a list holds: a statement for each way of asking, so that each walks along an index."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Literal

from services.parcel.posting.domain.problems import PROBLEMS
from shared.contracts.states import CustomerState
from shared.db.connection import Tx

BEGINNING = (datetime(9999, 12, 31, tzinfo=UTC), "")
"""A place before the newest parcel."""

PLACE = "(registered_at, item_number) < ($1, $2)"
NEWEST_FIRST = "order by registered_at desc, item_number desc limit $3"
PROBLEM = f"state in ({', '.join(repr(state.value) for state in sorted(PROBLEMS))})"
"""Written out, for indexes that hold these alone are used for no other way of asking."""
AMONG = {"among": "true", "only": PROBLEM, "without": f"not ({PROBLEM})"}
WAYS = {
    "order_reference": ["order_reference = {}"],
    "phone": ["sender_phone = {}", "recipient_phone = {}"],
    "trader": ["trader_id = {}"],
    "office": ["office = {}", "collecting_office = {}", "holding_office = {}"],
}
"""Along which indexes each way walks; the way that leaves the fewest parcels comes first."""
NARROWED = {
    "order_reference": "order_reference = {}",
    "phone": "{} in (sender_phone, recipient_phone)",
    "trader": "trader_id = {}",
    "office": "{} in (office, collecting_office, holding_office)",
    "state": "state = {}",
    "since": "registered_at >= {}",
}


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
    until: datetime | None = None
    """The first instant that is too late."""
    trader: str | None = None
    problems: Literal["among", "only", "without"] = "among"

    @property
    def place(self) -> tuple[datetime, str]:
        """Return the place that all parcels of the list come after."""
        return min(self.before or BEGINNING, (self.until, "") if self.until else BEGINNING)


async def newest(tx: Tx, wanted: Filter, limit: int) -> list[str]:
    """Return the numbers of the newest parcels, in that order."""
    asked = {name: value for name in NARROWED if (value := getattr(wanted, name)) is not None}
    among = "only" if wanted.problems == "among" and wanted.state in PROBLEMS else wanted.problems
    records = await tx.fetch(_statement(tuple(asked), AMONG[among]), *wanted.place, limit, *asked.values())
    return [record["item_number"] for record in records]


@cache
def _statement(asked: tuple[str, ...], among: str) -> str:
    """Write the statement for what is asked, and for nothing else: the planner knows what each condition leaves.

    One way walks along its indexes, no further than a page along each; what else is asked narrows what it finds.
    """
    numbered = {name: f"${n}" for n, name in enumerate(asked, 4)}
    way = next((name for name in WAYS if name in numbered), None)
    along = [key.format(numbered[way]) for key in WAYS[way]] if way else ["true"]
    narrowed = [NARROWED[name].format(number) for name, number in numbered.items() if name != way]
    walks = [
        "(select item_number, registered_at from parcel"
        f" where {' and '.join([key, among, PLACE, *narrowed])} {NEWEST_FIRST})"
        for key in along
    ]
    return f"select item_number from ({' union '.join(walks)}) as found {NEWEST_FIRST}"
