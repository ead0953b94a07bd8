"""F9: a synchronous standby takes over while the old primary stays up and refuses to write, or after it is killed."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from onebox import ports
from onebox.configuration import DatabaseUrls
from onebox.postgres.program import find
from onebox.postgres.server import PostgresServer
from onebox.simulator.history import Kind
from tests.faults.injectors import standby
from tests.faults.injectors.tcp_proxy import tcp_proxy
from tests.faults.own_servers import OwnServers
from tests.faults.post_office import PostOffice
from tests.faults.recovery import answered_again, shown_again
from tests.faults.recovery_bounds import WRITTEN
from tests.faults.run import Play, Run
from tests.faults.scenario import Scenario

WRITES_WITHIN_S = WRITTEN.here
SHOWN_WITHIN_S = 20.0
IN_USE_S = 2.0


@dataclass(slots=True)
class Pair(OwnServers):
    """A primary with its standby."""

    follower: PostgresServer | None = None

    def logs(self) -> dict[str, Path]:
        """Return where both write what befalls them."""
        assert self.follower is not None
        return {"log of the primary": self.postgres.folder / "log", "log of the standby": self.follower.folder / "log"}


@asynccontextmanager
async def _pair(folder: Path, shared: OwnServers) -> AsyncIterator[OwnServers]:
    """Run a primary and its synchronous standby beside the shared broker."""
    chosen = _ports(folder)
    primary = PostgresServer(
        find(folder, lambda _text: None), folder / "primary", chosen["primary"], folder / "secrets"
    )
    await primary.start()
    try:
        follower = await standby.follow(primary, folder / "standby", chosen["standby"])
        try:
            yield Pair(folder, shared.kafka, primary, follower=follower)
        finally:
            await follower.stop()
    finally:
        await primary.stop()


@asynccontextmanager
async def _behind_a_door(office: PostOffice) -> AsyncIterator[Play]:
    """Let services reach the database through a door that leads to whichever server is the primary."""
    primary, follower = _servers(office)
    async with tcp_proxy((primary.host, primary.port)) as door:
        office.stack.database_of = {
            service: _with_port(urls.service, primary.port, door.port)
            for service, urls in office.stack.databases.items()
        }

        async def fail_over(run: Run) -> None:
            await standby.make_read_only(primary)
            await standby.promote(follower)
            door.target = (follower.host, follower.port)
            _look_at(run, primary.port, follower.port)

        async def play(run: Run) -> None:
            await _play(run, fail_over)
            await asyncio.sleep(IN_USE_S)
            if used := await standby.used_lately(primary, IN_USE_S):
                run.violations.append(f"I13 {used} sessions still work on the server that was demoted")

        yield play


@asynccontextmanager
async def _by_several_hosts(office: PostOffice) -> AsyncIterator[Play]:
    """Tell services both servers in one DSN; they take the one that can be written to."""
    primary, follower = _servers(office)
    office.stack.database_of = {
        service: _with_port(urls.service, primary.port, f"{primary.port},{follower.host}:{follower.port}")
        + "?target_session_attrs=read-write"
        for service, urls in office.stack.databases.items()
    }

    async def fail_over(run: Run) -> None:
        await primary.kill()
        run.kills += 1
        await standby.promote(follower)
        _look_at(run, primary.port, follower.port)

    async def play(run: Run) -> None:
        await _play(run, fail_over)

    yield play


async def _play(run: Run, fail_over: Callable[[Run], Awaitable[None]]) -> None:
    async with run.window("fail-over", floor=0, outage=True):
        await fail_over(run)
    await answered_again(run, Kind.REGISTER, WRITES_WITHIN_S, "the standby took over")
    await answered_again(run, Kind.SCAN, WRITES_WITHIN_S, "the standby took over")
    await shown_again(run, SHOWN_WITHIN_S, "the standby took over")


def _look_at(run: Run, before: int, after: int) -> None:
    """Have the harness itself look where the data are now."""
    run.office.stack.databases = {
        service: DatabaseUrls(_with_port(urls.owner, before, after), _with_port(urls.service, before, after))
        for service, urls in run.office.stack.databases.items()
    }


def _servers(office: PostOffice) -> tuple[PostgresServer, PostgresServer]:
    assert isinstance(office.servers, Pair)
    assert office.servers.follower is not None
    return office.servers.postgres, office.servers.follower


def _with_port(url: str, before: int, after: int | str) -> str:
    return url.replace(f":{before}/", f":{after}/")


def _ports(folder: Path) -> dict[str, int]:
    folder.mkdir(parents=True, exist_ok=True)
    return ports.choose(folder / "ports.json", ["primary", "standby"])


SCENARIOS = [
    Scenario("F9", "the old primary read-only, behind a door", stage=_behind_a_door, servers=_pair, workers=2),
    Scenario("F9", "the primary killed, several hosts in the DSN", stage=_by_several_hosts, servers=_pair, workers=2),
]
