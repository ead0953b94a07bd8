"""A try to sign in by name counts for the address that it came from, and for the name."""

from datetime import datetime

from services.parcel.people.domain.sign_in_tries import FREE_TRIES_OF_A_NAME, who_at
from services.parcel.people.use_cases.count_try import count_try
from shared.db.connection import Tx


async def count_staff_try(tx: Tx, name: str, address: str, now: datetime) -> None:
    """Count a try; the transaction is to be committed before the try is judged.

    One that its address has used up does not count for the name.

    Raises: TooManyTries.
    """
    await count_try(tx, who_at(name, address), now)
    await count_try(tx, name, now, FREE_TRIES_OF_A_NAME)
