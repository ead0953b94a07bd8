"""F16: the clocks of the services are wrong by an hour, jump back, and run half as fast again."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from email.utils import parsedate_to_datetime

import httpx
import psutil

from onebox.configuration import SERVICES
from onebox.simulator.history import Kind
from tests.faults.evidence import LAME_PACE, SHAKEN
from tests.faults.gathering import measures
from tests.faults.injectors import wrong_clock
from tests.faults.injectors.wrong_clock import WrongClock
from tests.faults.post_office import PostOffice
from tests.faults.recovery import answered_again, shown_again
from tests.faults.run import Play, Run
from tests.faults.scenario import Scenario

WRONG_S = 10.0
"""Longer than a clerk whose token is refused waits before signing in again."""
SHOWN_WITHIN_S = 20.0
SETTLED_WITHIN_S, ANSWERS_WITHIN_S = 30.0, 5.0
"""What a process takes to look at its file again, and to write the new time into its answers."""
EXACT_S = 3.0
"""Answers tell full seconds, and look at the clock once in a second or two."""
SCANS = (Kind.SCAN, Kind.SCAN_BATCH)
WRONG = (
    ("two hours ahead, messages an hour behind", {"parcel": "+2h", "tracking": "+2h", "notifications": "-1h"}, ()),
    ("jumped back by three hours", {"parcel": "-1h", "tracking": "-1h", "notifications": "+2h"}, SCANS),
    ("half as fast again", dict.fromkeys(SERVICES, "+0 x1.5"), ()),
    ("apart by an hour", {"parcel": "+1h", "tracking": "+0", "notifications": "-1h"}, SCANS),
)
"""Scans from devices whose clocks are right lie in the future of a service that is behind; tokens of a service that is
ahead do not count yet. Both are refused, and counters try again."""


@asynccontextmanager
async def _with_wrong_clocks(office: PostOffice) -> AsyncIterator[Play]:
    """Give each service a clock that can be put wrong; all are right at first."""
    clocks = {service: WrongClock(office.stack.folder / f"{service}.clock") for service in SERVICES}
    for service, clock in clocks.items():
        clock.set("+0")
        office.environment_of[service] = clock.environment

    async def play(run: Run) -> None:
        for _ in range(run.rounds):
            for name, settings, cut in WRONG:
                for service, how in settings.items():
                    clocks[service].set(how)
                async with run.window(f"clocks {name}", cut, floor=10, share=SHAKEN, pace=0 if cut else LAME_PACE):
                    await _must_be(run, settings)
                    await asyncio.sleep(WRONG_S)
                    await _must_be(run, settings)
                    run.texts |= await _pages(run, name)
            for clock in clocks.values():
                clock.set("+0")
            await _must_be(run, dict.fromkeys(SERVICES, "+0"))
        await answered_again(run, Kind.SCAN, SHOWN_WITHIN_S, "all clocks were right")
        await shown_again(run, SHOWN_WITHIN_S, "all clocks were right")

    yield play


async def _pages(run: Run, when: str) -> dict[str, str]:
    """Read the measures while clocks are wrong: what they said then is gone when all are right."""
    try:
        pages = await measures(run.office.stack)
    except httpx.HTTPError as error:
        run.must(False, f"F16 no page of measures while clocks were {when}: {type(error).__name__}")
        return {}
    return {f"{page} while clocks were {when}": text for page, text in pages.items()}


async def _must_be(run: Run, settings: Mapping[str, str]) -> None:
    """Wait until every process says that its clock is as wrong as it was set."""
    untrue = ["nobody was asked"]
    with suppress(TimeoutError):
        async with asyncio.timeout(SETTLED_WITHIN_S):
            while untrue := await _as_wrong_as_set(run, settings):
                await asyncio.sleep(0.5)
    for one in untrue:
        run.must(False, f"F16 the clock of {one}")


async def _as_wrong_as_set(run: Run, settings: Mapping[str, str]) -> list[str]:
    """Return what does not fit, of how wrong clocks were set and how wrong their processes say they are."""
    told = []
    async with httpx.AsyncClient(timeout=ANSWERS_WITHIN_S, verify=False) as http:
        for service, how in settings.items():
            asked_at = time.time()
            try:
                answer = await http.get(f"{run.office.stack.url(service)}/health/live")
            except httpx.TransportError as error:
                told.append(f"{service}, set to {how}, was not told: {type(error).__name__}")
                continue
            says, answered_at = parsedate_to_datetime(answer.headers["date"]).timestamp(), time.time()
            age_s = asked_at - psutil.Process(run.office.stack.pid(service)).create_time()
            if not is_as_wrong(how, age_s, says - answered_at, says - asked_at):
                told.append(f"{service}, set to {how}, is {says - asked_at:.0f} s ahead at the age of {age_s:.0f} s")
    return told


def is_as_wrong(how: str, age_s: float, least_s: float, most_s: float) -> bool:
    """Tell whether a clock that is ahead by something between these is as wrong as it was set.

    The setting is `+1h`, `-1h`, `+0` or `+0 x1.5`: one that runs faster does so since its process began.
    """
    offset, _, speed = how.partition(" x")
    wrong_s = float(offset.rstrip("h")) * 3600 + (float(speed or 1) - 1) * age_s
    return least_s - EXACT_S <= wrong_s <= most_s + EXACT_S


SCENARIOS = [Scenario("F16", "clocks wrong", stage=_with_wrong_clocks, workers=2, why_not=wrong_clock.why_not)]
