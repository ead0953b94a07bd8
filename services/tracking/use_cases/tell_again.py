"""Where a rebuild found that the scans add up to something else than was told, the others are told."""

from collections.abc import Sequence

from services.tracking.domain.journey import fold
from services.tracking.store import journeys, scans
from services.tracking.use_cases.append_scans import tell_journeys
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def tell_again(tx: Tx, outbox: Outbox, item_numbers: Sequence[str]) -> None:
    """Tell what the scans of these numbers add up to, unless it was told meanwhile; locks their journeys.

    The events bear the time at which their last scan reached us, so that nobody gets a message about old news.
    """
    told = await journeys.lock(tx, item_numbers)
    log = await scans.of_numbers(tx, item_numbers)
    await tell_journeys(tx, outbox, told, [fold(log[number]) for number in item_numbers if number in log])
