"""The sheet of an office's day: what moved, who counted what, and where the ledger ended."""

from dataclasses import dataclass
from datetime import date, datetime

from services.parcel.cash.domain.accounts import Posting
from services.parcel.cash.store import drawers, entries
from services.parcel.cash.use_cases.find_drawer import DrawerState, state_of
from shared.access.roles import Actor
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class DaySheet:
    """One day of one office; what an account gained, by the kind of entry."""

    office: str
    day: date
    moved: list[tuple[str, Posting]]
    drawers: list[DrawerState]
    sequence: int
    """Of the last entry by the end of the day; 0 before the first."""
    sha256: bytes | None


async def draw_day_sheet(tx: Tx, actor: Actor, office: str, day: date, since: datetime, until: datetime) -> DaySheet:
    """Return the sheet of a day, from its first instant until that of the next.

    Raises: OtherOffice.
    """
    actor.must_act_for(office)
    open_then = await drawers.of_span(tx, office, since, until)
    last = await entries.last_before(tx, office, until)
    return DaySheet(
        office,
        day,
        await entries.sums(tx, office, since, until),
        [await state_of(tx, drawer) for drawer in open_then],
        *(last or (0, None)),
    )
