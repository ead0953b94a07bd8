"""F11 and F12: the network between services and servers is cut, one way or both, and is slow and loses packets."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from itertools import product
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
from tests.faults.injectors.knocking import knock
from tests.faults.injectors.line import DEVICE_MTU, SERVER_ADDRESS, SERVICE_ADDRESS, Line, Weather, line_between
from tests.faults.injectors.namespaces import Namespace, namespace
from tests.faults.injectors.sockets import ports_of
from tests.faults.injectors.tcp_proxy import Way
from tests.faults.own_servers import OwnServers
from tests.faults.post_office import PostOffice
from tests.faults.recovery import answered_again, shown_again
from tests.faults.recovery_bounds import ASKED, REACHED, SESSION_S
from tests.faults.run import Play, Run
from tests.faults.scenario import Scenario
from tests.support.waiting import until_true

WHO_MAY_COME = "host all all 0.0.0.0/0 scram-sha-256\n"
"""From addresses of the two namespaces: there are no others."""
CUT_S = 3.0
CUTS_IN_CI = 2
WAYS = ((Way.TO_SERVER,), (Way.TO_CLIENT,), tuple(Way))
NEED_POSTGRESQL = ("parcel", "tracking")
"""Without it these answer no counter, and clerks stand at what is not answered."""
INTAKE_FLOOR = 20
"""Calls while the broker is out of reach: counters and scanners do not need it."""
SWIZZLE_PAUSE_S = 0.5
BACK_WITHIN_S = REACHED.here
SHOWN_WITHIN_S = SESSION_S + REACHED.here
SLOW_BYTES_PER_S = 32_000
SLOW = Weather(latency_s=0.2, jitter_s=0.1, loss=0.02, bytes_per_s=SLOW_BYTES_PER_S)
SLOW_S = 20.0
SLOWEST_TRY_S = 30.0
"""Clerks may ask for something else first, and each try over this line takes seconds."""
ASKED_AGAIN = frozenset({Kind.REGISTER, Kind.SCAN})
"""With the same key until it is answered."""
SLOW_FLOOR = 2
"""A call that takes four turns over this line takes two seconds, and the relay's events share it."""
MOST_TRIES = ASKED.here
THIRD_TRY_WITHIN_S = 180.0
"""What could not be sent twice over the slow line rests for up to two minutes."""
KNOCK_WITHIN_S = 1.0
KNOCKS, SLOW_KNOCK_WITHIN_S = 5, 10.0
"""A packet that is lost comes again after a second, and after two more."""
SHORTEST_TURN_S = 2 * (SLOW.latency_s - SLOW.jitter_s)


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
    cuts = [(name, ways) for name in pairs for ways in WAYS]
    for name, ways in cuts if run.rounds > 1 else run.chance.sample(cuts, CUTS_IN_CI):
        floor = 0 if name == "PostgreSQL" else INTAKE_FLOOR
        async with run.window(f"{name} cut off, {' and '.join(ways)}", floor=floor, outage=True):
            line.cut(pairs[name], ways=ways)
            await _cut_is_met(run, line, name, pairs[name], CUT_S * run.rounds)
            line.heal()
        await answered_again(run, Kind.REGISTER, BACK_WITHIN_S, f"{name} was cut off")
    await _cut_one_from_one(run, line, pairs)
    await _swizzle(run, line, pairs)
    await shown_again(run, SHOWN_WITHIN_S, "the network was whole again")


async def _cut_one_from_one(run: Run, line: Line, servers: Mapping[str, int]) -> None:
    """Cut one service from one server, pair after pair, while everybody else reaches that server."""
    pairs = list(product(SERVICES, servers))
    for service, name in run.chance.sample(pairs, len(pairs) if run.rounds > 1 else CUTS_IN_CI):
        ways, port = run.chance.choice(WAYS), servers[name]
        floor = 0 if name == "PostgreSQL" and service in NEED_POSTGRESQL else INTAKE_FLOOR
        async with run.window(f"{name} cut off from {service}, {' and '.join(ways)}", floor=floor, outage=True):
            line.cut_pair(port, partial(_ports_of, run, service), ways)
            before, half_s = line.cut_off[port], CUT_S * run.rounds / 2
            await asyncio.sleep(half_s)
            run.must(line.cut_off[port] > before, f"F11 no packet between {name} and {service} met the cut")
            knocking, _ = await asyncio.gather(_knock_from_services(run, port), asyncio.sleep(half_s))
            run.must(knocking != [None], f"F11 {name} was cut off from others than {service}")
            line.heal()
        await answered_again(run, Kind.REGISTER, BACK_WITHIN_S, f"{name} was cut off from {service}")


def _ports_of(run: Run, service: str) -> set[int]:
    return ports_of(run.office.stack.pid(service))


async def _cut_is_met(run: Run, line: Line, name: str, port: int, for_s: float) -> None:
    """Wait so long; meanwhile packets of the services must be lost, and no connection of theirs must come about."""
    before = line.cut_off[port]
    await asyncio.sleep(for_s / 2)
    run.must(line.cut_off[port] > before, f"F11 no packet to or from {name} met the cut")
    knocking, _ = await asyncio.gather(_knock_from_services(run, port), asyncio.sleep(for_s / 2))
    run.must(knocking == [None], f"F11 {name} was reached from the services though it was cut off")


async def _knock_from_services(
    run: Run, port: int, times: int = 1, within_s: float = KNOCK_WITHIN_S
) -> list[float | None]:
    return await knock(run.office.prefix, SERVER_ADDRESS, port, times, within_s)


async def _nobody_is_reached(run: Run, servers: Mapping[str, int], services: Mapping[str, int]) -> None:
    """Have no server answer the services, and no service its clients."""
    knocks = {name: _knock_from_services(run, port) for name, port in servers.items()}
    knocks |= {name: knock((), SERVICE_ADDRESS, port, 1, KNOCK_WITHIN_S) for name, port in services.items()}
    for name, opened in zip(knocks, await asyncio.gather(*knocks.values()), strict=True):
        run.must(opened == [None], f"F11 {name} was reached though everything was cut off")


async def _swizzle(run: Run, line: Line, pairs: dict[str, int]) -> None:
    """Cut everything from everything one by one, the clients too, and bring it back in another order."""
    services = {service: run.office.stack.ports[service] for service in SERVICES}
    every = [*pairs.values(), *services.values()]
    async with run.window("everything cut off one by one", floor=0, outage=True):
        for port in run.chance.sample(every, len(every)):
            line.cut(port)
            await asyncio.sleep(SWIZZLE_PAUSE_S)
        await _nobody_is_reached(run, pairs, services)
        for port in run.chance.sample(every, len(every)):
            line.restore(port)
            await asyncio.sleep(SWIZZLE_PAUSE_S)


async def _slow(run: Run, line: Line) -> None:
    seen, lost, carried, began_at = len(run.history.calls), line.lost, line.carried.copy(), time.monotonic()
    async with run.window(
        "a slow line that loses packets", floor=SLOW_FLOOR * run.rounds, share=BARELY, pace=0, outage=True
    ):
        line.weather = SLOW
        try:
            turns, _ = await asyncio.gather(_turns_s(run), asyncio.sleep(SLOW_S * run.rounds))
            await until_true(lambda: bool(_tries(run, seen)), SLOWEST_TRY_S)
            run.must(*_is_narrow(line, carried, began_at))
        finally:
            tries = _tries(run, seen)
            line.heal()
    run.must(line.lost > lost, "F12 the line lost no packet")
    run.must(turns and min(turns) >= SHORTEST_TURN_S, f"F12 turns over the slow line took {turns} s")
    run.must(tries, "F12 nobody wrote anything down over the slow line")
    told = f"I12 {tries.total()} requests for {len(tries)} registrations and scans over a slow line"
    run.must(tries.total() <= MOST_TRIES * len(tries), told)
    await answered_again(run, Kind.REGISTER, BACK_WITHIN_S, "the line was slow")
    await shown_again(run, SHOWN_WITHIN_S, "the line was slow")


def _tries(run: Run, seen: int) -> Counter[str]:
    """Count the requests that ended since, by the registration or the scan that they ask for.

    Clerks may be in the middle of lives whose steps take minutes over this line: not all of them come to register.
    """
    return Counter(call.key for call in run.history.calls[seen:] if call.kind in ASKED_AGAIN)


def _is_narrow(line: Line, before: Counter[Way], began_at: float) -> tuple[bool, str]:
    """Tell whether packets had to wait for others, and no more came out of the line than it lets through; with words.

    A packet may be under way as the line becomes narrow, and be the first that comes out of it.
    """
    most = SLOW_BYTES_PER_S * (time.monotonic() - began_at) + DEVICE_MTU
    carried = {str(way): line.carried[way] - before[way] for way in Way}
    told = f"F12 the slow line, of {most:.0f} bytes at most, carried {carried}, and {line.queued} packets waited"
    return line.queued > 0 and all(0 < count <= most for count in carried.values()), told


async def _turns_s(run: Run) -> list[float]:
    """Return how long packets took from the services to PostgreSQL and back, as connections need one turn each."""
    took_s = await _knock_from_services(run, run.office.servers.postgres.port, KNOCKS, SLOW_KNOCK_WITHIN_S)
    return [one for one in took_s if one is not None]


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
        drained_within_s=THIRD_TRY_WITHIN_S,
        servers=_apart,
        why_not=namespaces.why_not,
    ),
]
