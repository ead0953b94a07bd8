"""Registrations that wait at the same moment share one statement and one commit."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg
import structlog
from fastapi import Request

from services.parcel.idempotency.domain.keys import KeyInFlight
from services.parcel.numbers.use_cases.must_be_sticker import StickerUsed
from services.parcel.posting.domain.parcel import Parcel
from services.parcel.posting.entrypoints.bodies import ParcelView
from services.parcel.posting.use_cases.register_parcels import Asked, register_parcels
from shared import clock
from shared.db.connection import TRANSIENT, Database
from shared.errors import PostError
from shared.failpoints import Place, reached
from shared.messaging.outbox import Outbox
from shared.web.problems import ServiceBusy

log = structlog.get_logger()

LARGEST_STATEMENT = 64
AT_ONCE = 3
"""Statements under way at a time; while they run, the next ones gather."""
ANSWER_WITHIN_S = 6.0
"""With the wait for a number, a registration is answered within ten seconds."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    asked: Asked
    answer: "asyncio.Future[bytes]"


class Registrar:
    """Takes registrations one by one and writes them together."""

    def __init__(self, database: Database, outbox: Outbox) -> None:
        self._database = database
        self._outbox = outbox
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue()

    async def register(self, asked: Asked) -> bytes:
        """Register a parcel and return the answer for its caller.

        Raises: KeyReused, KeyInFlight, ServiceBusy (then the outcome is unknown: ask again with the same key).
        """
        loop = asyncio.get_running_loop()
        waiting = _Waiting(asked, loop.create_future())
        self._queue.put_nowait(waiting)
        limit = loop.call_later(ANSWER_WITHIN_S, _resolve, waiting, ServiceBusy())
        try:
            return await waiting.answer
        finally:
            limit.cancel()

    async def run(self) -> None:
        """Write until cancelled."""
        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(self._write_for_ever())

    async def _write_for_ever(self) -> None:
        while True:
            portion = [await self._queue.get()]
            while len(portion) < LARGEST_STATEMENT and not self._queue.empty():
                portion.append(self._queue.get_nowait())
            await self._write([waiting for waiting in portion if not waiting.answer.done()])

    async def _write(self, portion: Sequence[_Waiting]) -> None:
        if not portion:
            return
        try:
            async with self._database.connection() as connection:
                asked = [waiting.asked for waiting in portion]
                reached(Place.REGISTRATION_ASKED)
                answers = await register_parcels(connection, self._outbox, asked, answer_of, clock.now())
        except Exception as error:  # noqa: BLE001  # each waiting request gets it as its own answer
            await self._refuse(portion, error)
            return
        reached(Place.REGISTRATION_COMMITTED)
        for waiting, answer in zip(portion, answers, strict=True):
            _resolve(waiting, answer)

    async def _refuse(self, portion: Sequence[_Waiting], error: Exception) -> None:
        """Try a failed portion one by one: what one of them did wrong must not cost the others."""
        key_held = isinstance(error, asyncpg.LockNotAvailableError)
        if isinstance(error, (*TRANSIENT, PostError)) and not key_held:
            log.warning("registrations unknown", error=type(error).__name__, waiting=len(portion))
            for waiting in portion:
                _resolve(waiting, error if isinstance(error, PostError) else ServiceBusy())
        elif len(portion) > 1:
            for waiting in portion:
                await self._write([] if waiting.answer.done() else [waiting])
        elif key_held:
            _resolve(portion[0], KeyInFlight())
        elif isinstance(error, asyncpg.UniqueViolationError):
            # Leased numbers are nobody else's: of one that no sticker gave, an operator should hear.
            log.warning("number used already", item_number=str(portion[0].asked.item_number))
            _resolve(portion[0], StickerUsed())
        else:
            log.error("registration failed", exc_info=error)
            _resolve(portion[0], error)


async def registrar_of(request: Request) -> Registrar:
    """Return the registrar."""
    registrar: Registrar = request.app.state.registrar
    return registrar


def _resolve(waiting: _Waiting, answer: bytes | Exception) -> None:
    if waiting.answer.done():
        return
    if isinstance(answer, bytes):
        waiting.answer.set_result(answer)
    else:
        waiting.answer.set_exception(answer)


def answer_of(parcel: Parcel) -> bytes:
    """Write what whoever registered a parcel is answered."""
    return ParcelView.of(parcel).model_dump_json().encode()
