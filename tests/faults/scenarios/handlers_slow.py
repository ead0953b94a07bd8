"""F19: handlers take longer than their consumer may stay away, which is put out of its group and comes back."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from onebox.configuration import SERVICES
from tests.faults.injectors import slow_handlers
from tests.faults.post_office import PostOffice
from tests.faults.recovery import caught_up, shown_again
from tests.faults.recovery_bounds import CALMED
from tests.faults.run import Play, Run
from tests.faults.scenario import Scenario
from tests.faults.scenarios.members_come_and_go import LEAST_SHARE, registered_and_taken_up

SLOW_FOR_S = 14.0


@asynccontextmanager
async def _with_slow_handlers(office: PostOffice) -> AsyncIterator[Play]:
    """Run services whose handlers can be slowed down; they are quick at first."""
    slow_while = office.stack.folder / "slow"
    office.prefix = slow_handlers.PREFIX
    office.environment = {**office.environment, slow_handlers.VARIABLE: str(slow_while)}
    yield lambda run: _handle_slowly(run, slow_while)


async def _handle_slowly(run: Run, slow_while: Path) -> None:
    before = await registered_and_taken_up(run)
    left_before = {service: _left(run, service) for service in SERVICES}
    async with run.window("handlers slow"):
        slow_while.touch()
        await asyncio.sleep(SLOW_FOR_S * run.rounds)
        after = await registered_and_taken_up(run)
        slow_while.unlink()
        until = time.monotonic() + CALMED.here
    registered, taken_up = (now - then for now, then in zip(after, before, strict=True))
    run.must(taken_up >= LEAST_SHARE * registered, f"I11 {taken_up} of {registered} parcels were taken up meanwhile")
    for service in SERVICES:
        run.must(_left(run, service) > left_before[service], f"F19 no member of {service} was put out of its group")
    for is_well in (shown_again, caught_up):
        await is_well(run, until - time.monotonic(), "handlers were slow")


def _left(run: Run, service: str) -> int:
    logs = run.office.stack.folder.glob(f"{service}*.log")
    return sum(log.read_text(errors="replace").count(f'"{slow_handlers.LEFT}"') for log in logs)


SCENARIOS = [Scenario("F19", "handlers slow", stage=_with_slow_handlers, workers=2, replicas=2, seats=2)]
