"""Items whose people are forgotten take with them the answers that named these people."""

from collections.abc import Sequence

from services.parcel.idempotency.store import answers_of_items
from shared.db.connection import Tx


async def forget_answers(tx: Tx, item_numbers: Sequence[str]) -> None:
    """Forget what was answered of these items; a request that is sent again is refused, and nothing done again."""
    await answers_of_items.forget(tx, item_numbers)
