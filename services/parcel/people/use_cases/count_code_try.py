"""Each try with a code counts, whatever becomes of it, so that many at once gain nothing."""

from dataclasses import replace

from services.parcel.people.store import sign_in_codes
from shared.db.connection import Tx


async def count_code_try(tx: Tx, phone: str) -> None:
    """Count a try with the code of a phone; the transaction is to be committed before the code is judged."""
    code = await sign_in_codes.lock(tx, phone)
    if code is not None:
        await sign_in_codes.keep(tx, replace(code, tries=code.tries + 1))
