"""The rebuilt journeys take the place of the live ones, at a moment when nothing is missing in them."""

from services.tracking.store import rebuilt
from services.tracking.use_cases.catch_up_journeys import catch_up_journeys
from shared.db.connection import Tx

PORTION = 1_000


class ShapeDiffers(Exception):
    """The rebuilt table is not made as the live one is."""

    def __init__(self, lines: set[str]) -> None:
        super().__init__(f"The rebuilt table is made otherwise than the live one; nothing was changed: {sorted(lines)}")


async def swap_journeys(tx: Tx, within_s: float) -> None:
    """Lock the live table, fold what changed last, swap.

    Raises: LockNotAvailableError, where the table is not free in time; ShapeDiffers.
    """
    await rebuilt.lock_live(tx, within_s)
    while await catch_up_journeys(tx, PORTION):
        pass
    live = await rebuilt.shape(tx, "journey")
    await rebuilt.swap(tx)
    if odd := live ^ await rebuilt.shape(tx, "journey"):
        raise ShapeDiffers(odd)
