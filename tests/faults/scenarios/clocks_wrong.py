"""F16: the clocks of the services are wrong by an hour, jump back, and run half as fast again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from onebox.configuration import SERVICES
from onebox.simulator.history import Kind
from tests.faults.evidence import SHAKEN
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
                async with run.window(f"clocks {name}", cut, floor=10, share=SHAKEN):
                    await asyncio.sleep(WRONG_S)
                    run.texts |= await _pages(run, name)
            for clock in clocks.values():
                clock.set("+0")
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


SCENARIOS = [Scenario("F16", "clocks wrong", stage=_with_wrong_clocks, workers=2, why_not=wrong_clock.why_not)]
