"""The press: two at a time, few in the queue, and a loop that goes on meanwhile."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from services.parcel.documents.domain.label import LabelFormat
from services.parcel.documents.drawing import lettering
from services.parcel.documents.drawing.fonts import shaping_font
from services.parcel.documents.drawing.labels import draw_labels
from services.parcel.documents.entrypoints.printing import AT_ONCE, LONGEST_QUEUE, Printing, TooManyPrints
from tests.parcel.documents.papers import domestic_label


@pytest.fixture
def press() -> Iterator[Printing]:
    press = Printing()
    yield press
    press.close()


class Slow:
    """Drawings that end when they are told to, and how many were under way at once."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.most = self._now = 0
        self._counting = threading.Lock()

    def draw(self) -> bytes:
        with self._counting:
            self._now += 1
            self.most = max(self.most, self._now)
        self.go_on.wait(5)
        with self._counting:
            self._now -= 1
        return b"drawn"


async def printed(press: Printing, slow: Slow) -> bytes:
    async with press.turn():
        return await press.draw(slow.draw)


async def until_in_hand(press: Printing, count: int) -> None:
    async with asyncio.timeout(5):
        while press._in_hand < count:
            await asyncio.sleep(0.005)


async def test_two_are_drawn_at_a_time_and_the_others_wait_their_turn(press: Printing) -> None:
    slow = Slow()
    under_way = [asyncio.create_task(printed(press, slow)) for _ in range(AT_ONCE + 3)]
    async with press_busy(press, slow):
        await until_in_hand(press, AT_ONCE + 3)
    assert await asyncio.gather(*under_way) == [b"drawn"] * (AT_ONCE + 3)
    assert slow.most == AT_ONCE


async def test_one_more_than_the_queue_holds_is_refused_at_once_and_welcome_later(press: Printing) -> None:
    slow = Slow()
    under_way = [asyncio.create_task(printed(press, slow)) for _ in range(AT_ONCE + LONGEST_QUEUE)]
    async with press_busy(press, slow):
        await until_in_hand(press, AT_ONCE + LONGEST_QUEUE)
        with pytest.raises(TooManyPrints):
            await printed(press, slow)
    await asyncio.gather(*under_way)
    assert await printed(press, slow) == b"drawn"


async def test_a_turn_that_ends_in_a_refusal_is_given_back(press: Printing) -> None:
    for _ in range(AT_ONCE + 1):
        with pytest.raises(ZeroDivisionError):
            async with press.turn():
                await press.draw(lambda: bytes(1 // 0))
    slow = Slow()
    slow.go_on.set()
    assert await asyncio.wait_for(printed(press, slow), 5) == b"drawn"


async def test_the_faces_are_there_before_the_first_paper(press: Printing) -> None:
    async with press.turn():
        assert press._faces.done()
        assert shaping_font.cache_info().currsize == 2


async def test_the_loop_goes_on_while_a_paper_is_drawn_and_its_texts_are_forgotten(press: Printing) -> None:
    steps = 0
    async with press.turn():
        drawing = asyncio.create_task(press.draw(partial(draw_labels, [domestic_label()] * 3, LabelFormat.A6)))
        while not drawing.done():
            steps += 1
            await asyncio.sleep(0.001)
    assert (await drawing).startswith(b"%PDF")
    assert steps > 5
    assert lettering._shaped.cache_info().currsize == 0


@asynccontextmanager
async def press_busy(press: Printing, slow: Slow) -> AsyncIterator[None]:
    """Wait until both places are taken; let the drawings end afterwards."""
    async with asyncio.timeout(10):
        while slow.most < AT_ONCE:
            await asyncio.sleep(0.005)
    try:
        yield
    finally:
        slow.go_on.set()
