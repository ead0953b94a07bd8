"""Each try to sign in counts before it is judged, so that many at once gain nothing."""

from datetime import datetime

from services.parcel.people.domain.sign_in_tries import Tries
from services.parcel.people.store import sign_in_tries
from shared.db.connection import Tx


async def count_try(tx: Tx, who: str, now: datetime) -> None:
    """Count a try; the transaction is to be committed before the try is judged.

    Raises: TooManyTries.
    """
    tried = await sign_in_tries.lock(tx, who)
    await sign_in_tries.keep(tx, who, tried.next(now) if tried else Tries(1, now))
