"""Loops: again at once while there is work, else a rest that a call ends; no failure ends them."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
import structlog

from shared import loops
from shared.loops import Loop, run_forever
from tests.support.waiting import beside, until_true

Lines = list[structlog.typing.EventDict]


@pytest.fixture
def rests(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long a loop wanted to rest; it does not rest at all."""
    asked: list[float] = []

    async def rest(_loop: Loop, pause_s: float) -> None:
        asked.append(pause_s)
        await asyncio.sleep(0)

    monkeypatch.setattr(loops, "_rest", rest)
    monkeypatch.setattr(loops, "ENDS_WITHIN_S", 0.05)
    return asked


def steps(*outcomes: bool | Exception) -> tuple[Callable[[], Awaitable[bool]], asyncio.Event]:
    """Return a step with these outcomes one after the other, and what is set when they are used up."""
    left, over = list(outcomes), asyncio.Event()

    async def step() -> bool:
        if not left:
            over.set()
            await asyncio.Event().wait()
        outcome = left.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return step, over


async def test_a_step_that_found_work_is_repeated_without_a_rest(rests: list[float]) -> None:
    step, over = steps(True, True, True, False)
    async with beside(run_forever(Loop("test", step, pause_s=7))):
        await asyncio.wait_for(over.wait(), 5)
    assert rests == [7]


async def test_a_failing_step_rests_longer_each_time_and_as_usual_once_it_works(rests: list[float]) -> None:
    step, over = steps(*[ValueError() for _ in range(7)], False, ValueError(), False)
    async with beside(run_forever(Loop("test", step, pause_s=1))):
        await asyncio.wait_for(over.wait(), 5)
    assert rests == [2, 4, 8, 16, 30, 30, 30, 1, 2, 1]


async def test_a_loop_with_a_long_pause_does_not_hurry_when_it_fails(rests: list[float]) -> None:
    step, over = steps(ValueError(), ValueError())
    async with beside(run_forever(Loop("test", step, pause_s=3600))):
        await asyncio.wait_for(over.wait(), 5)
    assert rests == [3600, 3600]


async def test_a_fault_that_lasts_for_days_ends_no_loop(rests: list[float]) -> None:
    step, over = steps(*[ConnectionError() for _ in range(1100)])
    async with beside(run_forever(Loop("test", step, pause_s=0.5))):
        await asyncio.wait_for(over.wait(), 10)
    assert rests[-1] == loops.LONGEST_PAUSE_S


async def test_a_failure_is_logged_with_its_frames_once_and_then_in_brief(rests: list[float], lines: Lines) -> None:
    step, over = steps(ValueError("+85512345678"), ValueError("+85512345678"))
    async with beside(run_forever(Loop("test", step, pause_s=0))):
        await asyncio.wait_for(over.wait(), 5)
    assert [(line["loop"], line["error"], line["failures"], line["exc_info"]) for line in lines] == [
        ("test", "ValueError", 1, True),
        ("test", "ValueError", 2, False),
    ]


async def test_a_call_ends_the_rest() -> None:
    wake, ran = asyncio.Event(), 0

    async def step() -> bool:
        nonlocal ran
        ran += 1
        return False

    async with beside(run_forever(Loop("test", step, pause_s=60, wake=wake))):
        for expected in (1, 2, 3):
            await until_true(lambda expected=expected: ran == expected)  # type: ignore[misc]
            wake.set()
        await until_true(lambda: ran == 4)


async def test_a_call_during_a_step_is_not_missed() -> None:
    wake, ran = asyncio.Event(), 0

    async def step() -> bool:
        nonlocal ran
        ran += 1
        if ran == 1:
            wake.set()
        return False

    async with beside(run_forever(Loop("test", step, pause_s=60, wake=wake))):
        await until_true(lambda: ran == 2)


async def test_a_rest_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "ENDS_WITHIN_S", 0.05)
    for wake in (None, asyncio.Event()):
        step, over = steps(False, False)
        async with beside(run_forever(Loop("test", step, pause_s=0.001, wake=wake))):
            await asyncio.wait_for(over.wait(), 5)


async def test_a_step_under_way_ends_before_its_loop_does() -> None:
    began, goes_on, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def step() -> bool:
        began.set()
        await goes_on.wait()
        ended.set()
        return True

    running = asyncio.create_task(run_forever(Loop("test", step, pause_s=7)))
    await began.wait()
    running.cancel()
    await asyncio.sleep(0)
    goes_on.set()
    await asyncio.wait([running])

    assert running.cancelled()
    assert ended.is_set()


async def test_a_step_that_does_not_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "ENDS_WITHIN_S", 0.05)
    began, stopped = asyncio.Event(), asyncio.Event()

    async def step() -> bool:
        began.set()
        try:
            await asyncio.Event().wait()
        finally:
            stopped.set()
        return True

    running = asyncio.create_task(run_forever(Loop("test", step, pause_s=7)))
    await began.wait()
    running.cancel()
    await asyncio.wait([running])
    await asyncio.sleep(0)

    assert running.cancelled()
    assert stopped.is_set()
