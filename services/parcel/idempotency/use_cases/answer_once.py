"""A creating request gets one answer, however often it is sent."""

from collections.abc import Awaitable, Callable

from services.parcel.idempotency.domain.keys import KeyInFlight, KeyReused
from services.parcel.idempotency.store import requests
from shared.db.connection import Tx


async def answer_once(tx: Tx, caller: str, key: str, body_sha256: bytes, make: Callable[[], Awaitable[bytes]]) -> bytes:
    """Return the answer kept under a key, or make it and keep it; a twin in flight waits until this one ends.

    Raises: KeyReused, KeyInFlight.
    """
    await requests.lock(tx, caller, key)
    earlier = await earlier_answer(tx, caller, key, body_sha256)
    if isinstance(earlier, KeyReused):
        raise earlier
    if earlier is not None:
        return earlier
    answer = await make()
    # A registration, which takes no such lock, may have come between.
    if not await requests.keep(tx, caller, key, body_sha256, answer):
        raise KeyInFlight
    return answer


async def earlier_answer(tx: Tx, caller: str, key: str, body_sha256: bytes) -> bytes | KeyReused | None:
    """Return what was answered under a key before; None if the key is new."""
    kept = await requests.find(tx, caller, key)
    if kept is None:
        return None
    return kept.answer if kept.body_sha256 == body_sha256 else KeyReused()
