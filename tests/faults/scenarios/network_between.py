"""F11 and F12: the network between services and servers is cut, one way or both, and is slow and loses packets."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from onebox import ports
from onebox.configuration import SERVICES
from onebox.kafka.cluster import KafkaCluster
from onebox.kafka.node import Node
from onebox.ports import LOOPBACK
from onebox.postgres.program import find
from onebox.postgres.server import PostgresServer
from onebox.simulator.history import Kind
from tests.faults.evidence import BARELY
from tests.faults.injectors import namespaces
from tests.faults.injectors.line import SERVER_ADDRESS, SERVICE_ADDRESS, Line, Weather, line_between
from tests.faults.injectors.namespaces import Namespace, namespace
from tests.faults.injectors.tcp_proxy import Way
from tests.faults.own_servers import OwnServers
from tests.faults.post_office import PostOffice
from tests.faults.recovery import answered_again, shown_again
from tests.faults.recovery_bounds import ASKED, REACHED, SESSION_S
from tests.faults.run import Play, Run
from tests.faults.scenario import Scenario

WHO_MAY_COME = "host all all 0.0.0.0/0 scram-sha-256\n"
"""From addresses of the two namespaces: there are no others."""
CUT_S = 3.0
CUTS_IN_CI = 2
INTAKE_FLOOR = 20
"""Calls while the broker is out of reach: counters and scanners do not need it."""
SWIZZLE_PAUSE_S = 0.5
BACK_WITHIN_S = REACHED.here
SHOWN_WITHIN_S = SESSION_S + REACHED.here
SLOW = Weather(latency_s=0.2, jitter_s=0.1, loss=0.02, bytes_per_s=32_000)
SLOW_S = 8.0
SLOW_FLOOR = 2
"""A call that takes four turns over this line takes two seconds, and the relay's events share it."""
MOST_TRIES = ASKED.here


@dataclass(slots=True)
class Apart(OwnServers):
    """Servers in a place of their own, and the line that leads to the place of the services."""

    line: Line | None = None
    services: Namespace | None = None


@asynccontextmanager
async def _apart(folder: Path, shared: OwnServers) -> AsyncIterator[OwnServers]:
    """Run a pair of servers, with the harness beside them, at the other end of a line from the services."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as opened:
        servers, services = (opened.enter_context(namespace(name)) for name in ("servers", "services"))
        opened.enter_context(servers.entered())
        line = opened.enter_context(line_between(servers, services, random.Random()))
        chosen = ports.choose(folder / "ports.json", ["postgres", "broker", "controller"])
        postgres = _postgres(folder, chosen["postgres"])
        node = Node(1, folder / "kafka" / "node-1", chosen["broker"], chosen["controller"], SERVER_ADDRESS)
        kafka = KafkaCluster(shared.kafka.program, folder / "kafka", [node])
        try:
            await asyncio.gather(postgres.start(), kafka.start())
            yield Apart(folder, kafka, postgres, line=line, services=services)
        finally:
            line.heal()
            await asyncio.gather(postgres.stop(), kafka.stop())


@asynccontextmanager
async def _over_the_line(office: PostOffice, play: Callable[[Run, Line], Awaitable[None]]) -> AsyncIterator[Play]:
    """Have the services run at the other end, and know the servers by their address there."""
    servers = office.servers
    assert isinstance(servers, Apart)
    assert servers.line is not None
    assert servers.services is not None
    office.prefix = servers.services.command([])
    for service, urls in office.stack.databases.items():
        office.stack.host_of[service] = SERVICE_ADDRESS
        office.stack.database_of[service] = urls.service.replace(f"@{LOOPBACK}:", f"@{SERVER_ADDRESS}:")
    line = servers.line

    async def by_seed(run: Run) -> None:
        line.dice.seed(run.seed)
        await play(run, line)

    yield by_seed


async def _cut(run: Run, line: Line) -> None:
    servers = run.office.servers
    pairs = {"PostgreSQL": servers.postgres.port, "the broker": servers.kafka.nodes[0].port}
    cuts = [(name, ways) for name in pairs for ways in ((Way.TO_SERVER,), (Way.TO_CLIENT,), tuple(Way))]
    for name, ways in cuts if run.rounds > 1 else run.chance.sample(cuts, CUTS_IN_CI):
        floor = 0 if name == "PostgreSQL" else INTAKE_FLOOR
        async with run.window(f"{name} cut off, {' and '.join(ways)}", floor=floor, outage=True):
            line.cut(pairs[name], ways=ways)
            await asyncio.sleep(CUT_S * run.rounds)
            line.heal()
        await answered_again(run, Kind.REGISTER, BACK_WITHIN_S, f"{name} was cut off")
    await _swizzle(run, line, pairs)
    await shown_again(run, SHOWN_WITHIN_S, "the network was whole again")


async def _swizzle(run: Run, line: Line, pairs: dict[str, int]) -> None:
    """Cut everything from everything one by one, the clients too, and bring it back in another order."""
    every = [*pairs.values(), *(run.office.stack.ports[service] for service in SERVICES)]
    async with run.window("everything cut off one by one", floor=0, outage=True):
        for port in run.chance.sample(every, len(every)):
            line.cut(port)
            await asyncio.sleep(SWIZZLE_PAUSE_S)
        for port in run.chance.sample(every, len(every)):
            line.restore(port)
            await asyncio.sleep(SWIZZLE_PAUSE_S)


async def _slow(run: Run, line: Line) -> None:
    seen = len(run.history.calls)
    async with run.window("a slow line that loses packets", floor=SLOW_FLOOR * run.rounds, share=BARELY, outage=True):
        line.weather = SLOW
        await asyncio.sleep(SLOW_S * run.rounds)
    tries = Counter((call.kind, call.key) for call in run.history.calls[seen:] if call.kind is Kind.REGISTER)
    line.heal()
    if tries and tries.total() > MOST_TRIES * len(tries):
        run.violations.append(f"I12 {tries.total()} requests for {len(tries)} registrations over a slow line")
    await answered_again(run, Kind.REGISTER, BACK_WITHIN_S, "the line was slow")
    await shown_again(run, SHOWN_WITHIN_S, "the line was slow")


def _postgres(folder: Path, port: int) -> PostgresServer:
    program = find(folder, lambda _text: None)
    rules = folder / "pg_hba.conf"
    rules.write_text(WHO_MAY_COME)
    program.give(rules)
    settings = {"listen_addresses": f"{LOOPBACK},{SERVER_ADDRESS}", "hba_file": str(rules)}
    return PostgresServer(program, folder / "postgres", port, folder / "secrets", settings)


SCENARIOS = [
    Scenario(
        "F11",
        "the network cut between services and servers",
        stage=partial(_over_the_line, play=_cut),
        workers=2,
        servers=_apart,
        why_not=namespaces.why_not,
    ),
    Scenario(
        "F12",
        "a slow line between services and servers",
        stage=partial(_over_the_line, play=_slow),
        workers=2,
        servers=_apart,
        why_not=namespaces.why_not,
    ),
]
