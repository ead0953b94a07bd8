"""F22: two devices of an office work without a line, and send all of it twice, over one that is cut; one is stolen."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

import asyncpg
import httpx
import orjson

from onebox.counter import enrolling
from onebox.counter.asking import Line, Refused
from onebox.counter.bundle import Bundle
from onebox.counter.registering import Desk, Registered
from onebox.counter.store import State
from onebox.counter.syncing import sync
from onebox.simulator.history import Call, Kind, Outcome
from onebox.simulator.retrying import until_known
from services.parcel.addresses.domain.countries import DOMESTIC
from shared.clock import now
from shared.syncing.record import Record
from tests.faults.deeds import Clerk
from tests.faults.injectors.tcp_proxy import HOST, TcpProxy, tcp_proxy
from tests.faults.recovery import shown_again
from tests.faults.run import Run
from tests.faults.scenario import Scenario
from tests.support.waiting import beside
from tests.system.desks import Wire, administrator, opened, revoke, send_all, until_refused

TAKING = ("parcel", "tracking")
A_DAY = 30
"""Parcels of one device; each is registered, scanned and handed over."""
MOST = 7
"""Records in one request, so that a day is many of them."""
AHEAD = timedelta(days=1)
CUT_AFTER_S = (0.02, 0.3)
SHOWN_WITHIN_S = 15.0

Form = dict[str, object]


@dataclass
class Counter:
    """One device, and what was done at it."""

    line: Line
    wire: Wire
    made: list[tuple[Form, Registered]] = field(default_factory=list)
    scans: list[tuple[Form, Record]] = field(default_factory=list)

    def work(self, parcels: Iterator[Form]) -> None:
        """Register parcels, scan them and hand them over, without a line."""
        for _ in range(A_DAY):
            form = next(parcels)
            made = Desk(self.line.device).register(form)
            self.made.append((form, made))
            for kind, code in (("scan", "EDH"), ("hand_over", "EMI")):
                told: Form = {"item_number": made.item_number}
                body = told if kind == "hand_over" else {**told, "event_code": code}
                record = self.line.device.note("tracking", kind, dict(body))
                self.scans.append(({**told, "event_code": code}, record))

    async def send_twice(self) -> None:
        """Send all of it, side by side with itself, and then once more from the beginning."""
        for service in TAKING:
            await asyncio.gather(*(send_all(self.line, service, MOST) for _ in range(2)))
            self.line.device.store.send_again(service, 1)
            await send_all(self.line, service, MOST)


async def work_without_a_line(run: Run) -> None:
    """Let two devices work and send, while their line is cut again and again and the load goes on."""
    for _ in range(run.rounds):
        async with AsyncExitStack() as held:
            ports = run.office.stack.ports
            doors = {name: await held.enter_async_context(tcp_proxy((HOST, ports[name]))) for name in TAKING}
            await _a_day(run, doors, held)
    await shown_again(run, SHOWN_WITHIN_S, "counters had worked without a line")


async def _a_day(run: Run, doors: dict[str, TcpProxy], held: AsyncExitStack) -> None:
    urls = {name: f"http://{HOST}:{door.port}" for name, door in doors.items()}
    http = await held.enter_async_context(httpx.AsyncClient(timeout=30.0))
    headers = await administrator(http, urls["parcel"])
    office = Clerk(run).next_parcel()["office"]
    one, ahead, stolen = [await _opened(run, Wire(urls), office, headers, held) for _ in range(3)]
    await _set_ahead(ahead.line)
    parcels = _parcels(Clerk(run))
    for counter in (one, ahead, stolen):
        counter.work(parcels)
    one.line.device.note("parcel", "registration", {"item_number": "none"})
    one.line.device.note("tracking", "scan", {"item_number": "none"})
    one.work(parcels)
    await revoke(stolen.wire, stolen.line.device.device_id, headers)
    for service in TAKING:
        await until_refused(stolen.line, service, "device-revoked")
        await _is_refused(run, stolen, service)
    sent_at = time.monotonic()
    async with run.window("counters send over a line that is cut", floor=20), beside(_cut(run, doors)):
        await asyncio.gather(one.send_twice(), ahead.send_twice())
    run.must(one.wire.broken and ahead.wire.broken, "F22 no request of a device was cut")
    for counter, aside in ((one, 1), (ahead, 0)):
        _is_taken(run, counter, aside)
        await _write_down(run, counter, sent_at)
        await _is_shown_when_it_was(run, counter)
    await _nothing_is_there(run, stolen)


async def _opened(run: Run, wire: Wire, office: str, headers: dict[str, str], held: AsyncExitStack) -> Counter:
    held.push_async_callback(wire.http.aclose)
    line = await opened(wire, office, run.office.stack.folder, headers)
    held.callback(line.device.store.close)
    return Counter(line, wire)


def _is_taken(run: Run, counter: Counter, aside: int) -> None:
    """Have each record be done, each that is none set aside, and nothing wait."""
    for service, done in (("parcel", len(counter.made)), ("tracking", len(counter.scans))):
        counts = counter.line.device.store.counts(service)
        right = (counts[State.DONE], counts[State.SET_ASIDE], counts[State.WAITING]) == (done, aside, 0)
        run.must(right, f"F22 of {done} records and {aside} that is none {service} took {dict(counts)}")


async def _set_ahead(line: Line) -> None:
    """Let the clock of a device go a day ahead, and be compared once while there is a line."""
    line.device.clock = lambda: now() + AHEAD
    await Bundle(line.device.store).refresh(line, enrolling.signing_keys(line.device.store))


def _parcels(clerk: Clerk) -> Iterator[Form]:
    """Yield parcels that stay in the country, as they are typed without a line."""
    while True:
        body = clerk.next_parcel()["body"]
        if body.get("destination_country", DOMESTIC) == DOMESTIC:
            yield {name: value for name, value in body.items() if name != "office"}


async def _cut(run: Run, doors: dict[str, TcpProxy]) -> None:
    while True:
        await asyncio.sleep(run.chance.uniform(*CUT_AFTER_S))
        for door in doors.values():
            door.cut()


async def _is_refused(run: Run, stolen: Counter, service: str) -> None:
    try:
        await sync(stolen.line, service)
    except Refused as refused:
        run.must(refused.answer.status == 403, f"F22 a stolen device was answered {refused} by {service}")
    else:
        run.violations.append(f"F22 {service} took what a stolen device sent")


async def _nothing_is_there(run: Run, stolen: Counter) -> None:
    numbers = [made.item_number for _, made in stolen.made]
    for service, table in (("parcel", "parcel"), ("tracking", "journey")):
        connection = await asyncpg.connect(run.office.stack.databases[service].service)
        try:
            there = await connection.fetchval(f"select count(*) from {table} where item_number = any($1)", numbers)
        finally:
            await connection.close()
        run.must(there == 0, f"F22 {there} parcels of a stolen device are in {service}")


async def _write_down(run: Run, counter: Counter, sent_at: float) -> None:
    """Put what a device did into the history, as what counters asked for, beside what is kept under its records."""
    device = counter.line.device
    connection = await asyncpg.connect(run.office.stack.databases["parcel"].service)
    try:
        rows = await connection.fetch("select key, answer from request where caller = $1", f"device {device.device_id}")
    finally:
        await connection.close()
    kept = {row["key"]: bytes(row["answer"]) for row in rows}
    ended_at = time.monotonic()
    for form, made in counter.made:
        body = kept.get(str(made.record.record_id), b"{}")
        answer = {**orjson.loads(body), "item_number": made.item_number}
        call = Call(
            Kind.REGISTER,
            str(made.record.record_id),
            Outcome.OK,
            201,
            sent_at,
            sent_at,
            ended_at,
            form,
            answer,
            office=device.office,
            body=body,
        )
        run.history.calls.append(call)
    run.history.calls += [
        _scan_call(counter, scanned, record, (sent_at, ended_at)) for scanned, record in counter.scans
    ]


def _scan_call(counter: Counter, scanned: Form, record: Record, lasted: tuple[float, float]) -> Call:
    key, device, (sent_at, ended_at) = str(record.record_id), counter.line.device, lasted
    asked = {
        **scanned,
        "scan_id": key,
        "office": device.office,
        "device": str(device.device_id),
        "device_time": record.recorded_at.isoformat(),
        "drift_ms": record.drift_ms,
        "device_sequence": record.sequence,
    }
    told = {"results": [{"scan_id": key, "result": "recorded"}]}
    return Call(Kind.RECORD, key, Outcome.OK, 200, sent_at, sent_at, ended_at, asked, told, office=device.office)


async def _is_shown_when_it_was(run: Run, counter: Counter) -> None:
    """Have what came late stand at the time of the device, less its drift."""
    _, made = run.chance.choice(counter.made)
    own = [made.record, *(record for form, record in counter.scans if form["item_number"] == made.item_number)]
    due = [record.occurred_at for record in own]
    deadline = time.monotonic() + SHOWN_WITHIN_S
    while True:
        read = await until_known(partial(run.client.read_journey, made.item_number), Kind.READ_JOURNEY)
        shown = [datetime.fromisoformat(event["occurred_at"]) for event in read.answer.get("events", ())]
        if shown == due or time.monotonic() > deadline:
            break
        await asyncio.sleep(0.2)
    run.must(shown == due, f"I5 {made.item_number} shows {shown}, and its device says {due}")


SCENARIOS = [Scenario("F22", "counters without a line", work_without_a_line, workers=2)]
