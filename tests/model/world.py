"""The whole post in memory: clients, three services, their servers, and what may go wrong with each of them."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from services.notifications.channels.channel import Outgoing
from services.notifications.use_cases.link_telegram import link_telegram
from services.parcel.idempotency.domain.keys import KeyInFlight, KeyReused
from services.parcel.posting.domain.person import Person
from services.parcel.posting.use_cases.cancel_parcel import cancel_parcel
from services.parcel.posting.use_cases.correct_recipient import correct_recipient
from services.parcel.posting.use_cases.erase_people import erase_people
from services.parcel.posting.use_cases.make_findable import make_findable
from services.parcel.posting.use_cases.republish_contacts import republish_contacts
from services.tracking.domain.scan import Scan
from services.tracking.use_cases.record_scans import Result, ScanResult, record_scans
from shared.access.roles import Actor, Role
from shared.contracts.parcel import CODES_TOPIC, CONTACTS_TOPIC
from shared.db.connection import TRANSIENT
from shared.errors import PostError
from shared.messaging import outbox
from shared.messaging.outbox import TOMBSTONE
from shared.web.problems import ServiceBusy
from tests.model import promises
from tests.model.calls import Registering, asking, number_of, phone_of
from tests.model.cluster import BATCH_BYTES, PARTITIONS, Cluster, Record, Verdict
from tests.model.codes import Codes
from tests.model.faults import Faults, Kind, Trap
from tests.model.loop import Loop
from tests.model.processes import OFFICES, Process, Surroundings
from tests.model.promises import Broken, Promises, must
from tests.model.provider import Provider, Reply
from tests.model.server import Server

SERVICES = ("parcel", "tracking", "notifications")
EVENT_TOPICS = ("parcel.events", "tracking.events")
"""Those that are filled again from an outbox; contacts come again from current rows."""
TOPICS = (*EVENT_TOPICS, CONTACTS_TOPIC, CODES_TOPIC)
"""Those that somebody reads."""
KEPT_FOR = timedelta(days=30)
"""The post keeps people for longer; here too any message about a parcel is old news by then."""
MOST_ERASURES = 8
"""With all other time of a history they stay within the year in which notifications knows whom it has forgotten."""
CLERK = Actor("clerk", Role.CLERK, "TK01")
FAULTS_OF_A_CALL = (*TRANSIENT, ServiceBusy, KeyInFlight)
"""After these the caller does not know what became of it."""
DRAINING_S = (0.3, 1.1, 5.1, 12.0)
"""Rests, sweeps, retries and locks all come to their turn within these."""
MOST_ROUNDS = 40
SENDING_S = (6.0, 6.0, 6.0, 45.0, 7_300.0, 7_300.0, 7_300.0, 7_300.0, 7_300.0, 1_300_000.0)
"""Every retry of a message, and at last the end of its being news."""


@dataclass(eq=False, slots=True)
class World:
    """One history from its beginning to its end."""

    loop: Loop
    clock: Callable[[], Any]
    at_a_time: int = 500
    batch_bytes: int = BATCH_BYTES
    deduplicates: bool = False
    faults: Faults = field(default_factory=Faults)
    processes: list[Process] = field(default_factory=list)
    requests: list[Registering] = field(default_factory=list)
    sent: list[Scan] = field(default_factory=list)
    recorded: set[UUID] = field(default_factory=set)
    under_way: "set[asyncio.Task[Any]]" = field(default_factory=set)
    erasures: int = 0
    codes: Codes = field(default_factory=Codes)
    providers: dict[str, Provider] = field(init=False)
    cluster: Cluster = field(init=False)
    promises: Promises = field(init=False)
    servers: dict[str, Server] = field(init=False)
    around: Surroundings = field(init=False)

    def __post_init__(self) -> None:
        self.cluster = Cluster(self.faults, batch_bytes=self.batch_bytes)
        replies: deque[Reply | None] = deque()
        self.providers = {
            name: Provider(cast("Any", name), self.faults, replies, self._rung, self.deduplicates)
            for name in ("sms", "telegram")
        }
        self.promises = Promises(self.cluster, self.providers)
        self.servers = {name: Server(name, self.faults, self.promises.at_commit) for name in SERVICES}
        self.cluster.on_write = self._written
        self.around = Surroundings(self.servers, self.cluster, self.providers, self.at_a_time, self._ended)
        self.look_after()

    def register(self, key: int, weight_g: int, *, listens: bool) -> None:
        """A counter registers a parcel, or sends a request again, or uses its key for another."""
        serial = len(self.requests)
        one = Registering(asking(key, weight_g, serial))
        self.requests.append(one)
        process = self.living("parcel")

        def hear(answer: bytes | Exception | None) -> None:
            if listens and isinstance(answer, (bytes, KeyReused)):
                one.heard = answer
                promises.check_answer(self.servers["parcel"], self.requests, one)

        self.call(process, "client", process.registrar.register(one.asked), hear)

    def scan(self, scans: Sequence[Scan]) -> None:
        """A counter sends scans."""
        process = self.living("tracking")
        self.sent += scans

        async def record() -> list[ScanResult]:
            now = self.clock()
            received = [replace(scan, received_at=now) for scan in scans]
            async with process.database.transaction() as tx:
                return await record_scans(cast("Any", tx), process.outbox, received, OFFICES.keys(), now)

        def hear(answer: list[ScanResult] | Exception | None) -> None:
            if isinstance(answer, list):
                kept = {Result.RECORDED, Result.ALREADY_RECORDED}
                self.recorded |= {scan.scan_id for scan, one in zip(scans, answer, strict=True) if one.result in kept}

        self.call(process, "counter", record(), hear)

    def change(self, parcel: int, *, cancel: bool) -> None:
        """A counter corrects the recipient of a parcel, or cancels the parcel."""
        process, number = self.living("parcel"), str(number_of(parcel))

        async def work() -> None:
            async with process.database.transaction() as tx:
                if cancel:
                    await cancel_parcel(cast("Any", tx), process.outbox, CLERK, number, self.clock())
                else:
                    person = Person("Sok Dara", f"+8559700000{len(self.sent):02}", "en")
                    await correct_recipient(cast("Any", tx), process.outbox, CLERK, number, person, self.clock())

        self.call(process, "desk", work())

    def erase(self, *, contacts_late: bool = False) -> None:
        """A month goes by, for which nothing stands still, and the parcel service forgets whose time is over.

        Contacts that are late were told again before, and nobody reads them yet.
        """
        if self.erasures == MOST_ERASURES:
            return
        self.erasures += 1
        while self.faults.held:
            self.faults.let_go(0)
            self.loop.settle()
        if contacts_late:
            self.cluster.slow |= {(CONTACTS_TOPIC, partition) for partition in range(PARTITIONS)}
            self.tell_contacts_again()
            self.loop.settle()
        self.advance(KEPT_FOR.total_seconds() + 1)
        process = self.living("parcel")

        async def work() -> None:
            async with process.database.transaction() as tx:
                await erase_people(cast("Any", tx), process.outbox, KEPT_FOR, self.clock())

        self.call(process, "erasure", work())

    def make_findable(self) -> None:
        """The words on new parcels are worked out."""
        process = self.living("parcel")

        async def work() -> None:
            async with process.database.transaction() as tx:
                await make_findable(cast("Any", tx))

        self.call(process, "search", work())

    def tell_contacts_again(self) -> None:
        """An operator has the contacts of all parcels sent again, from current rows."""
        process = self.living("parcel")

        async def work() -> None:
            async with process.database.transaction() as tx:
                await republish_contacts(cast("Any", tx), process.outbox, "")

        self.call(process, "desk", work())

    def link(self, parcel: int) -> None:
        """Somebody who gets messages links Telegram."""
        process = self.living("notifications")

        async def work() -> None:
            async with process.database.transaction() as tx:
                await link_telegram(cast("Any", tx), phone_of(parcel + 50), 1_000 + parcel, self.clock())

        self.call(process, "desk", work())

    def ask_code(self, member: int, lives_s: float) -> None:
        """A member asks for a code to sign in with."""
        process = self.living("parcel")
        self.call(process, "desk", self.codes.ask(process, phone_of(member + 50), timedelta(seconds=lives_s)))

    def republish(self, service: str) -> None:
        """An operator has the events of a service sent again."""
        process = self.living(service)

        async def work() -> None:
            async with process.database.transaction() as tx:
                await outbox.make_unsent(cast("Any", tx), self.clock(), self.clock(), EVENT_TOPICS)

        self.call(process, "desk", work())

    def trap(self, activity: str, kind: Kind, left: int, *, late: bool) -> None:
        """Have something go wrong at a later call of one activity."""
        self.faults.traps[activity] = Trap(kind, late, left)

    def upset_broker(self, verdict: Verdict, after: int) -> None:
        """Have the broker do something else with a record to come."""
        self.cluster.verdicts.extend([*[None] * after, verdict])

    def upset_provider(self, reply: Reply, after: int) -> None:
        """Have the providers give another answer to a message to come."""
        self.providers["sms"].replies.extend([*[None] * after, reply])

    def slow(self, which: int) -> None:
        """Let nobody read from one partition for a while."""
        place = (TOPICS[which % len(TOPICS)], which // len(TOPICS) % PARTITIONS)
        self.cluster.slow ^= {place}
        self.cluster.wake()

    def start(self, service: str) -> Process:
        """Start another process of a service."""
        process = Process(service, self.around)
        self.processes.append(process)
        return process

    def living(self, service: str) -> Process:
        """Return a process that lives, the supervisor's new one if there is none."""
        for process in self.processes:
            if process.alive and process.name == service:
                return process
        return self.start(service)

    def look_after(self) -> None:
        """Start what is dead, as a supervisor does."""
        for service in SERVICES:
            self.living(service)
        self.loop.settle()

    def cut(self, service: str) -> None:
        """The server takes the relay's connection for lost and lets another lead; the old one may not know yet."""
        leader = self.servers[service].leader
        if len([process for process in self.processes if process.alive and process.name == service]) < 2:
            self.start(service)
        if leader:
            leader.terminate()

    def call(
        self,
        process: Process,
        duty: str,
        work: Coroutine[Any, Any, Any],
        hear: Callable[[Any], None] = lambda _answer: None,
    ) -> None:
        """Have a process do something that ends well or in a fault of the moment; `hear` gets what it gave."""
        task = process.start(duty, work)
        process.tasks.append(task)
        self.under_way.add(task)
        task.add_done_callback(lambda done: self._heard(done, hear))

    def disturb(self, service: str, choice: int) -> None:
        """Hurt a service from outside."""
        match choice % 5:
            case 0:
                self.living(service).kill()
            case 1:
                self.cut(service)
            case 2:
                self.cluster.reset(service)
            case 3:
                self.republish(service)
            case 4:
                self.slow(choice // 5)

    def advance(self, by_s: float) -> None:
        """Let time pass."""
        self.look_after()
        self.loop.advance(by_s)

    def check(self) -> None:
        """Complain of what was broken since the last look."""
        if self.promises.complaints:
            raise self.promises.complaints[0]

    def end(self) -> None:
        """Mend everything, let all work be done, and hold the result against every promise."""
        self.heal()
        self.drain()
        for by_s in SENDING_S:
            there = self.servers["notifications"]
            if all(row["message"].is_final for row in there.rows("message")) and not there.tables["correction"]:
                break
            self.advance(by_s)
        self.drain()
        self.check()
        self._check_all()

    def close(self) -> None:
        """Leave nothing that runs."""
        for process in self.processes:
            process.kill()
        self.loop.settle()

    def heal(self) -> None:
        """End all faults."""
        self.faults.mend()
        self.cluster.verdicts.clear()
        self.providers["sms"].replies.clear()
        self.cluster.slow.clear()
        self.cluster.wake()
        self.loop.settle()
        self.look_after()

    def drain(self) -> None:
        """Let time pass until nothing is left to do; within bounds, and without a person."""
        for turn in range(MOST_ROUNDS):
            if self._is_idle():
                return
            self.advance(DRAINING_S[turn % len(DRAINING_S)])
        raise Broken("all work comes to its end")

    def _is_idle(self) -> bool:
        sent = all(row["sent"] for server in self.servers.values() for row in server.tables["outbox"].values())
        return (
            sent and not self.under_way and not any(server.holders for server in self.servers.values()) and self._read()
        )

    def _read(self) -> bool:
        return all(
            len(self.cluster.logs[place])
            in (self.cluster.committed[service][place], *(member.applied.get(place) for member in members))
            for service, members in self.cluster.members.items()
            for member in members
            for place in ((topic, partition) for topic in member.topics for partition in range(PARTITIONS))
        )

    def _check_all(self) -> None:
        parcel, tracking, notifications = (self.servers[name] for name in SERVICES)
        for server in self.servers.values():
            promises.check_outbox(server, self.cluster)
        promises.check_requests(parcel, self.requests)
        promises.check_effects(parcel, set(self.cluster.ids("tracking.events")))
        promises.check_effects(tracking, self._told("parcel.events", "parcel.registered.v1", "parcel.cancelled.v1"))
        heard = {event_id for topic in TOPICS for event_id in self._told(topic)}
        passed = self._told("parcel.events", "parcel.cancelled.v1", "parcel.changed.v1")
        promises.check_effects(notifications, heard - passed - self._told(CONTACTS_TOPIC, TOMBSTONE))
        postings = {UUID(one) for one in self._told("parcel.events", "parcel.registered.v1", "parcel.cancelled.v1")}
        promises.check_projection(tracking, self.recorded | postings)
        promises.check_messages(notifications, self.providers)
        self.codes.check(parcel, notifications)
        promises.check_parcels(parcel, tracking)
        promises.check_erased(parcel, notifications, self.cluster)
        must(
            not [c for c in self.loop.complaints if "exception" in c and "never retrieved" not in c["message"]], "quiet"
        )

    def _told(self, topic: str, *types: str) -> set[str]:
        return {
            headers["id"].decode()
            for place in list(self.cluster.logs)
            if place[0] == topic
            for headers in map(dict, (record.headers for record in self.cluster.logs[place]))
            if not types or headers["type"].decode() in types
        }

    def _heard(self, task: "asyncio.Task[Any]", hear: Callable[[Any], None]) -> None:
        self.under_way.discard(task)
        try:
            answer = None if task.cancelled() else task.exception() or task.result()
            as_it_may = not isinstance(answer, BaseException) or isinstance(answer, (*FAULTS_OF_A_CALL, PostError))
            must(as_it_may, "a call ends as it may", repr(answer))
            hear(answer)
        except Broken as broken:
            self.promises.complaints.append(broken)

    def _written(self, record: Record) -> None:
        try:
            self.promises.at_write(self.servers[dict(record.headers)["source"].decode()], record)
        except Broken as broken:
            self.promises.complaints.append(broken)

    def _rung(self, outgoing: Outgoing, handed_over_at: datetime) -> None:
        try:
            self.promises.at_ring(self.servers["notifications"], outgoing.message_id)
            self.codes.at_ring(outgoing, handed_over_at)
        except Broken as broken:
            self.promises.complaints.append(broken)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        if not task.cancelled():
            self.promises.complaints.append(Broken(f"work in the background goes on: {task.exception()!r}"))
