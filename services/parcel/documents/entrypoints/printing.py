"""Drawing in a bounded pool of threads, so that printing never starves the counter, and the post as papers name it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Annotated

import structlog
from fastapi import Depends, Request

from services.parcel.documents.domain.imprint import Imprint
from services.parcel.documents.drawing.fonts import Weight, shaping_font
from services.parcel.documents.drawing.lettering import forget_texts
from shared.errors import Unavailable
from shared.web.service import service_of

log = structlog.get_logger()

AT_ONCE = 2
LONGEST_QUEUE = 12
"""With the slowest of papers in front, the last one in the queue is drawn within ten seconds."""


class TooManyPrints(Unavailable):
    """Too many papers are printed at this moment."""

    slug = "too-many-prints"


class Printing:
    """Draws papers, two at a time; refuses when many wait. The faces are made before the first paper needs them."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="printing")
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._in_hand = 0
        self._faces = self._pool.submit(_make_faces)
        self._faces.add_done_callback(_note)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a place at the press; what is looked up and written for a paper belongs inside.

        Raises: TooManyPrints.
        """
        if self._in_hand >= AT_ONCE + LONGEST_QUEUE:
            raise TooManyPrints
        self._in_hand += 1
        try:
            await asyncio.wait([asyncio.wrap_future(self._faces)])
            async with self._turns:
                yield
        finally:
            self._in_hand -= 1

    async def draw(self, draw: Callable[[], bytes]) -> bytes:
        """Draw a paper in a thread; the caller has a turn.

        Raises: what the drawing raises.
        """
        return await asyncio.get_running_loop().run_in_executor(self._pool, _drawn, draw)

    def close(self) -> None:
        """Let the threads go."""
        self._pool.shutdown(wait=False, cancel_futures=True)


async def printing_of(request: Request) -> Printing:
    """Return the press of the running service."""
    printing: Printing = request.app.state.printing
    return printing


async def imprint_of(request: Request) -> Imprint:
    """Return the post as papers name it, with its offices as they are now."""
    imprint: Imprint = request.app.state.imprint
    return replace(imprint, offices=(await service_of(request)).directory.offices)


Press = Annotated[Printing, Depends(printing_of)]
PostImprint = Annotated[Imprint, Depends(imprint_of)]


def _make_faces() -> None:
    for weight in Weight:
        shaping_font(weight)


def _note(faces: "Future[None]") -> None:
    """Take note of faces that could not be made; the first paper tries again."""
    if not faces.cancelled() and (error := faces.exception()):
        log.warning("faces not made", error=type(error).__name__)


def _drawn(draw: Callable[[], bytes]) -> bytes:
    try:
        return draw()
    finally:
        forget_texts()
