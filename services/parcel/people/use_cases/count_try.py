"""Each try to sign in counts before it is judged, so that many at once gain nothing."""

from datetime import datetime

from services.parcel.people.domain.sign_in_tries import FREE_TRIES, Tries
from services.parcel.people.store import sign_in_tries
from shared.db.connection import Tx


async def count_try(tx: Tx, who: str, now: datetime, free: int = FREE_TRIES) -> None:
    """Count a try, of which so many are free; the transaction is to be committed before the try is judged.

    Raises: TooManyTries.
    """
    tried = await sign_in_tries.lock(tx, who)
    await sign_in_tries.keep(tx, who, tried.next(now, free) if tried else Tries(1, now))
