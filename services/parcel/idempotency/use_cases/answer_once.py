"""A creating request gets one answer, however often it is sent."""

from collections.abc import Awaitable, Callable

from services.parcel.idempotency.domain.answers import AnswerForgotten, AnswerOfItem
from services.parcel.idempotency.domain.keys import KeyInFlight, KeyReused
from services.parcel.idempotency.store import answers_of_items, requests
from shared.db.connection import Tx


async def answer_once(
    tx: Tx, caller: str, key: str, body_sha256: bytes, make: Callable[[], Awaitable[bytes | AnswerOfItem]]
) -> bytes:
    """Return the answer kept under a key, or make it and keep it; a twin in flight waits until this one ends.

    Raises: KeyReused, KeyInFlight, AnswerForgotten.
    """
    await requests.lock(tx, caller, key)
    earlier = await earlier_answer(tx, caller, key, body_sha256)
    if isinstance(earlier, KeyReused | AnswerForgotten):
        raise earlier
    if earlier is not None:
        return earlier
    made = await make()
    answer = made.answer if isinstance(made, AnswerOfItem) else made
    # A registration, which takes no such lock, may have come between.
    if not await requests.keep(tx, caller, key, body_sha256, answer):
        raise KeyInFlight
    if isinstance(made, AnswerOfItem):
        await answers_of_items.add(tx, made.item_number, caller, key)
    return answer


async def earlier_answer(
    tx: Tx, caller: str, key: str, body_sha256: bytes
) -> bytes | KeyReused | AnswerForgotten | None:
    """Return what was answered under a key before; None if the key is new."""
    kept = await requests.find(tx, caller, key)
    if kept is None:
        return None
    if not kept.answer:
        return AnswerForgotten()
    return kept.answer if kept.body_sha256 == body_sha256 else KeyReused()
