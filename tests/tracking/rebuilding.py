"""A tracking database that is rebuilt: scans to fill it with, its rows, and the rows that its log adds up to."""

import random
from collections.abc import Sequence
from typing import Any

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.rebuilt import JourneyRow
from services.tracking.domain.rebuilt import rebuild as made_anew
from services.tracking.domain.scan import Scan, Source
from services.tracking.store import journeys, scans
from services.tracking.use_cases.append_scans import append_scans
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from tests.tracking.numbers import numbers
from tests.tracking.scans import NOON, posting, scan

POSTED: dict[str, Any] = {"source": Source.PARCEL, "posting": posting()}
NOTHING: dict[str, Any] = {}
ALL = ("", "Z" * 13)
CODES = [EventCode.EMA, EventCode.EDD, EventCode.EDE, EventCode.EMG, EventCode.EDH, EventCode.EMI, EventCode.EMF]


def some_scans(count: int, of: int, seed: int = 0) -> list[Scan]:
    """Return scans of so many numbers, some of them postings, some two journeys long, in no order."""
    chance = random.Random(seed)
    return [
        scan(
            chance.choice(CODES),
            item_number=number,
            minutes=chance.randint(0, 90) + chance.choice([0, 0, 0, 0, 0, 0, 500 * 1440]),
            **chance.choice([POSTED, *[NOTHING] * 4]),
        )
        for number in (chance.choice(numbers(of)) for _ in range(count))
    ]


async def append(database: Database, seen: Sequence[Scan], at_once: int = 50) -> None:
    """Append scans as they come, a transaction for so many."""
    for start in range(0, len(seen), at_once):
        async with database.transaction() as tx:
            await append_scans(tx, Outbox("tracking"), seen[start : start + at_once], NOON)


async def keep_appending(database: Database, of: int, seed: int, committed: list[Scan]) -> None:
    """Append a few scans at a time until cancelled, and note those that were committed."""
    while True:
        seed += 100
        seen = some_scans(4, of, seed)
        await append(database, seen)
        committed += seen


async def rows(database: Database) -> dict[str, list[JourneyRow]]:
    """Return all rows by number."""
    async with database.connection() as tx:
        return await journeys.rows_of_range(tx, *ALL)


async def rows_by_log(database: Database) -> dict[str, list[JourneyRow]]:
    """Return the rows that the log adds up to, with what the present rows say was told."""
    async with database.connection() as tx:
        log, live = await scans.of_range(tx, *ALL), await journeys.rows_of_range(tx, *ALL)
    return {number: made_anew(log[number], live.get(number, ())) for number in log}


def quiet(_text: str) -> None:
    """Say nothing."""
