from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from tests.faults.__main__ import play_one
from tests.faults.own_servers import OwnServers
from tests.faults.scenario import Scenario

NOBODY_LOOKS = cast("OwnServers", None)


@asynccontextmanager
async def _servers_that_do_not_start(_folder: Path, _shared: OwnServers) -> AsyncIterator[OwnServers]:
    raise TimeoutError("no answer")
    yield NOBODY_LOOKS


async def test_a_run_that_crashes_is_one_violation(tmp_path: Path) -> None:
    scenario = Scenario("F1", "no servers", servers=_servers_that_do_not_start)
    report = await play_one(scenario, 1, NOBODY_LOOKS, tmp_path)
    assert report.violations == ["TimeoutError before the verdict: no answer"]
    assert (report.kills, report.operations) == (0, 0)
