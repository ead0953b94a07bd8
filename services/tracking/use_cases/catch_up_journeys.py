"""Numbers that changed while their journeys were rebuilt are folded again."""

from services.tracking.domain.rebuilt import rebuild
from services.tracking.store import journeys, rebuilt, scans
from shared.db.connection import Tx


async def catch_up_journeys(tx: Tx, limit: int) -> int:
    """Fold the next changed numbers into the shadow, at most so many; returns how many there were."""
    numbers = await rebuilt.take_changed(tx, limit)
    if numbers:
        log, live = await scans.of_numbers(tx, numbers), await journeys.rows_of_numbers(tx, numbers)
        rows = [row for number in numbers for row in rebuild(log.get(number, ()), live.get(number, ()))]
        await rebuilt.replace(tx, numbers, rows)
    return len(numbers)
