"""One fault from its beginning to the verdict: load, fault, heal, drain, check."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path

import orjson

from onebox.configuration import SERVICES
from onebox.simulator.client import ANSWER_WITHIN_S, MOST_CONNECTIONS, Client
from onebox.simulator.history import Call, History, Kind, Outcome
from onebox.simulator.retrying import until_known
from onebox.simulator.traffic import Traffic
from tests.faults.asking_for_codes import LAST_TRADER, ask_once_more, asking_for_codes
from tests.faults.balanced import Balanced
from tests.faults.draining import Drained, drained
from tests.faults.evidence import PACE, UNHURT, Bounds, Evidence, Recovery, Window
from tests.faults.figures import figures
from tests.faults.gathering import gather
from tests.faults.holdings import holdings
from tests.faults.invariants.every import violations
from tests.faults.invariants.excuses import was_disturbed
from tests.faults.own_servers import OwnServers
from tests.faults.post_office import OPEN_WITHIN_S, PostOffice, post_office
from tests.faults.watch import Watch, watching
from tests.system.stack import PASSPHRASE

WARM_UP_CALLS = 50
"""So many calls must succeed before the fault begins."""
STOPPED_WITHIN_S = 60.0
STARTED_WITHIN_S = 60.0
"""For the slowest start; on a quiet machine it takes two seconds, but CI may be busy."""
MOST_READ = 300
"""So many journeys are read at the end, as anybody reads them."""
READ_WITHIN_S = 10.0


@dataclass(slots=True)
class Run:
    """What a fault may use: the post office, the clerks, one source of chance."""

    office: PostOffice
    client: Client
    traffic: Traffic
    chance: random.Random
    seed: int
    rounds: int = 1
    """How often a fault of several rounds is repeated; one in CI."""
    windows: list[Window] = field(default_factory=list)
    planted: dict[str, str] = field(default_factory=dict)
    kills: int = 0
    """Kills of servers; those of services are counted by their supervisor."""
    copies: int = 0
    """Records that services may send again because the fault asked for it."""
    wiped: set[str] = field(default_factory=set)
    """Topics of which a broker's lost disk took records that nobody sends again."""
    violations: list[str] = field(default_factory=list)
    """What the fault itself found amiss while it was played."""
    recoveries: list[Recovery] = field(default_factory=list)
    bytes_by_hand: int = 0
    """What the fault itself wrote into PostgreSQL."""
    last_trader: str = ""
    """The phone of whoever asked for a code when all was well again."""
    largest_record_mb: float = 0.0
    """What the fault has readers hold at once, besides what they always hold."""
    texts: dict[str, str] = field(default_factory=dict)
    """Pages of measures that were read meanwhile."""

    @property
    def history(self) -> History:
        """Return the calls so far."""
        return self.client.history

    def must(self, holds: object, violation: str) -> None:
        """Note a violation unless something holds."""
        if not holds:
            self.violations.append(violation)

    @asynccontextmanager
    async def window(
        self,
        name: str,
        cut: Iterable[Kind] = (),
        floor: int = 100,
        share: float = UNHURT,
        *,
        pace: float = PACE,
        outage: bool = False,
        killing: bool = False,
        unnoticed: bool = False,
    ) -> AsyncIterator[None]:
        """Mark the time in which a fault lasts; calls of the kinds that it cuts need not succeed."""
        began_at = time.monotonic()
        try:
            yield
        finally:
            lasted = (began_at, time.monotonic())
            self.windows.append(Window(name, *lasted, frozenset(cut), floor, share, pace, outage, killing, unnoticed))


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a run."""

    kills: int
    operations: int
    took_s: float
    drained_s: float
    slowest_start_s: float
    violations: list[str]
    folder: Path


Play = Callable[[Run], Awaitable[None]]
Stage = Callable[[PostOffice], AbstractAsyncContextManager[Play]]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a fault is played."""

    stage: Stage
    seed: int
    workers: int = 4
    replicas: int = 1
    seats: int = 1
    """As many replicas of each service the clients know; some of them may be started by the fault."""
    answered_within_s: float = ANSWER_WITHIN_S
    rounds: int = 1
    drained_within_s: float = 60.0
    environment: Mapping[str, str] = field(default_factory=dict)


async def run(plan: Plan, servers: OwnServers, folder: Path) -> Report:
    """Play a fault under load on fresh databases and empty topics, and check every invariant."""
    began_at = time.monotonic()
    # Clients take the pauses before they ask again from the chance that everybody shares.
    random.seed(plan.seed)
    async with post_office(servers, folder, plan.environment) as office, plan.stage(office) as play:
        await office.open(plan.replicas)
        async with (
            watching(office.stack, servers) as watch,
            _client(office, plan) as client,
        ):
            traffic = Traffic(client, plan.seed, office.network)
            current = Run(office, client, traffic, random.Random(plan.seed), plan.seed, plan.rounds)
            traffic.keep_busy(plan.workers)
            await _warm(current)
            before = await holdings(office.stack, servers)
            async with asking_for_codes(office, client):
                await _play(current, play)
            not_ready = await office.supervisor.until_all_ready(OPEN_WITHIN_S)
            rest = await _at_rest(current, plan)
            rested_at, after = time.monotonic(), await holdings(office.stack, servers)
            await _read_journeys(current)
            evidence = await gather(office.stack)
        slowest_start_s = max((start.after_s for start in office.supervisor.starts), default=0.0)
        _complete(evidence, current, watch)
        evidence.not_ready, evidence.not_drained, evidence.rested_at = not_ready, rest.left, rested_at
        evidence.held_before, evidence.held_after = before, after
        evidence.bounds = [*evidence.bounds, Bounds("seconds of the slowest start", slowest_start_s, STARTED_WITHIN_S)]
    found = [*current.violations, *violations(evidence)]
    _write_down(folder, current.history, found)
    (folder / "figures.txt").write_text("".join(f"{line}\n" for line in figures(evidence, current.recoveries, rest)))
    return Report(
        kills=current.kills + sum(death.meant for death in office.supervisor.deaths),
        operations=len(current.history.calls),
        took_s=time.monotonic() - began_at,
        drained_s=rest.took_s,
        slowest_start_s=slowest_start_s,
        violations=found,
        folder=folder,
    )


async def _play(current: Run, play: Play) -> None:
    try:
        await play(current)
        await current.traffic.stop(STOPPED_WITHIN_S)
    except Exception as error:  # noqa: BLE001  # whatever it was: what was seen so far tells more
        current.traffic.carrier.stop.set()
        current.violations.append(f"{type(error).__name__} while the fault was played: {error}")


@asynccontextmanager
async def _client(office: PostOffice, plan: Plan) -> AsyncIterator[Client]:
    replicas = range(max(plan.replicas, plan.seats))
    services = {
        service: Balanced([office.stack.url(service, replica) for replica in replicas], MOST_CONNECTIONS)
        for service in SERVICES
    }
    try:
        yield Client(services, History(), PASSPHRASE, plan.answered_within_s)
    finally:
        for connections in services.values():
            connections.close()


async def _warm(current: Run) -> None:
    deadline = time.monotonic() + STOPPED_WITHIN_S
    while sum(call.outcome is Outcome.OK for call in current.history.calls) < WARM_UP_CALLS:
        if time.monotonic() > deadline:
            raise TimeoutError(f"no load before the fault; see {current.office.stack.folder}")
        await asyncio.sleep(0.05)


async def _at_rest(current: Run, plan: Plan) -> Drained:
    """Wait until nothing waits any more; then have one trader more ask for a code, and wait for what that moved."""
    rest = await drained(current.office.stack, plan.drained_within_s)
    current.must(current.history.of(Kind.ASK_CODE, Outcome.OK), "I8 no trader was ever told that a code comes")
    current.last_trader = LAST_TRADER
    await ask_once_more(current.office, current.client)
    after = await drained(current.office.stack, plan.drained_within_s)
    return Drained(rest.took_s, [*rest.left, *after.left])


async def _read_journeys(current: Run) -> None:
    registered = current.history.of(Kind.REGISTER, Outcome.OK)
    numbers = sorted({str(call.answer["item_number"]) for call in registered})
    for number in current.chance.sample(numbers, min(len(numbers), MOST_READ)):
        await until_known(partial(current.client.read_journey, number), Kind.READ_JOURNEY, READ_WITHIN_S)


def _complete(evidence: Evidence, current: Run, watch: Watch) -> None:
    supervisor = current.office.supervisor
    evidence.history, evidence.windows, evidence.planted = current.history, current.windows, current.planted
    evidence.deaths, evidence.stops = list(supervisor.deaths), list(supervisor.stops)
    evidence.starts, evidence.bytes_by_hand = list(supervisor.starts), current.bytes_by_hand
    evidence.last_trader = current.last_trader
    evidence.copies, evidence.wiped = current.copies, frozenset(current.wiped)
    evidence.texts = {**evidence.texts, **current.texts, **watch.written}
    evidence.bounds = watch.bounds(was_disturbed(evidence), current.largest_record_mb)


def _write_down(folder: Path, history: History, found: list[str]) -> None:
    with (folder / "history.jsonl").open("wb") as file:
        file.writelines(_line(call) for call in history.calls)
    (folder / "violations.txt").write_text("".join(f"{one}\n" for one in found))


def _line(call: Call) -> bytes:
    # What a registration was answered stands there already, as it was read.
    told = {name: value for name, value in asdict(call).items() if name != "body"}
    return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE, default=str)
