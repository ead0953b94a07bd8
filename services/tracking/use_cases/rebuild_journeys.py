"""Journeys are made anew from the log of scans, a range of numbers at a time, into the shadow table."""

from dataclasses import dataclass

from services.tracking.domain.rebuilt import rebuild
from services.tracking.store import journeys, rebuilt, scans
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Range:
    """A range that was rebuilt: its last number, its scans and journeys."""

    upto: str
    scans: int
    journeys: int


async def rebuild_journeys(tx: Tx, after: str, portion: int) -> Range | None:
    """Fold the numbers that come next, about so many scans; returns None behind the last.

    The transaction reads one state of the database: what is committed later is noted and folded again.
    """
    upto = await rebuilt.next_bound(tx, after, portion)
    if upto is None:
        return None
    log, live = await scans.of_range(tx, after, upto), await journeys.rows_of_range(tx, after, upto)
    rows = [row for number in log.keys() | live.keys() for row in rebuild(log.get(number, ()), live.get(number, ()))]
    await rebuilt.fill(tx, rows)
    return Range(upto, sum(map(len, log.values())), len(rows))
