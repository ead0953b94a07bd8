"""The post grants serials for an indicator, from which offices reserve their blocks."""

from services.parcel.numbers.store import numbers
from shared.db.connection import Tx


async def grant_range(tx: Tx, indicator: str, first_serial: int, last_serial: int, *, provisional: bool) -> None:
    """Grant a range; one that is there already stays as it is."""
    await numbers.grant(tx, indicator, first_serial, last_serial, provisional=provisional)
