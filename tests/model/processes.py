"""The three services as processes that can die: their real parts, joined as in production, on stand-ins of servers."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from prometheus_client import CollectorRegistry

from services.notifications.domain.code_wording import CodeTexts
from services.notifications.domain.wording import Texts
from services.notifications.entrypoints.code_sender import CodeSender
from services.notifications.entrypoints.consumers import HANDLERS
from services.notifications.entrypoints.measures import MessageMeasures
from services.notifications.entrypoints.message_sender import MessageSender
from services.notifications.entrypoints.sender import Pace
from services.parcel.posting.entrypoints import consumers as parcel_consumers
from services.parcel.posting.entrypoints.registrar import Registrar
from services.tracking.entrypoints import consumers as tracking_consumers
from shared.contracts.directory import OfficeV1
from shared.contracts.envelope import Event
from shared.loops import Loop, run_forever
from shared.messaging.broker import Subscription
from shared.messaging.consume import Consumer, Handler
from shared.messaging.measures import Measures
from shared.messaging.outbox import Outbox
from shared.messaging.relay import Relay
from shared.sealing import KeyRing
from tests.model.cluster import Broker, Cluster, Member
from tests.model.faults import Activity, acting
from tests.model.provider import Provider
from tests.model.server import Database, Server, Transaction

RING = KeyRing("k1", {"k1": b"1" * 32})
OFFICES = {
    code: OfficeV1(
        office=code, name_km=name, name_en=name, office_kind="ctc", district_code="2102", sample=True, version=1
    )
    for code, name in (("TK01", "CTC Doun Kaev"), ("TK02", "CTC Bati"))
}
PACE = Pace(batch=4, at_once=2, within_s=5.0, lease=timedelta(seconds=30))
CODE_PACE = Pace(batch=2, at_once=2, within_s=5.0, lease=timedelta(seconds=10))


@cache
def _measures(name: str) -> tuple[Measures, MessageMeasures]:
    registry = CollectorRegistry()
    return Measures(registry), MessageMeasures(registry)


@cache
def _texts() -> tuple[Texts, CodeTexts]:
    return Texts.read(), CodeTexts.read()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What outlives a process."""

    servers: Mapping[str, Server]
    cluster: Cluster
    providers: Mapping[str, Provider]
    at_a_time: int
    """Records in a batch of a consumer."""
    on_end: Callable[["asyncio.Task[None]"], None]


@dataclass(eq=False, slots=True)
class Process:
    """One running service."""

    name: str
    around: Surroundings
    alive: bool = True
    tasks: "list[asyncio.Task[None]]" = field(default_factory=list)
    when_dead: list[Callable[[], None]] = field(default_factory=list)
    outbox: Outbox = field(init=False)
    database: Database = field(init=False)
    registrar: Registrar = field(init=False)
    member: Member = field(init=False)

    def __post_init__(self) -> None:
        server = self.around.servers[self.name]
        self.outbox = Outbox(self.name, RING)
        self.database = Database(server)
        measures, message_measures = _measures(self.name)
        relay = Relay(self.name, self.outbox, cast("Any", self._broker), measures)
        self.do("relay", relay.run())
        if self.name == "parcel":
            self.registrar = Registrar(cast("Any", self.database), self.outbox)
            self.do("intake", self.registrar.run())
        if self.name == "notifications":
            for loop in self._sending(message_measures):
                self.do(loop.name, run_forever(loop))
        self.member = self._member(measures)
        self.do("consumer", self.member.run())

    def do(self, duty: str, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Begin a duty that ends with the process."""
        task = self.start(duty, work)
        self.tasks.append(task)
        task.add_done_callback(self.around.on_end)
        return task

    def start(self, duty: str, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        """Begin something under the name of a duty."""
        token = acting.set(Activity(self, f"{self.name}.{duty}"))
        try:
            return asyncio.get_running_loop().create_task(work)
        finally:
            acting.reset(token)

    def kill(self) -> None:
        """End at once: what was said is lost, what was open is rolled back."""
        if self.alive:
            self.alive = False
            self.around.servers[self.name].cut(self)
            for task in self.tasks:
                task.cancel()
            members = self.around.cluster.members[self.name]
            if self.member in members:
                members.remove(self.member)
                self.around.cluster.deal(self.name)
            for tell in self.when_dead:
                tell()

    def _broker(self) -> Broker:
        return Broker(self.around.cluster)

    def _member(self, measures: Measures) -> Member:
        consumer = Consumer(self.name, cast("Any", self.database), _counting(self._handlers()), measures, RING)
        broker = self._broker()
        Subscription(cast("Any", broker), consumer, measures)
        return Member(self.around.cluster, broker, self.around.at_a_time)

    def _handlers(self) -> Mapping[type[Event], Handler]:
        match self.name:
            case "parcel":
                return parcel_consumers.handlers(cast("Any", self))
            case "tracking":
                return tracking_consumers.handlers(cast("Any", self))
        return HANDLERS

    def _sending(self, measures: MessageMeasures) -> list[Loop]:
        directory, (texts, code_texts) = SimpleNamespace(offices=OFFICES), _texts()
        shared: Any = {
            "database": self.database,
            "outbox": self.outbox,
            "channels": self.around.providers,
            "measures": measures,
        }
        sender = MessageSender(directory=cast("Any", directory), texts=texts, pace=PACE, **shared)
        code_sender = CodeSender(texts=code_texts, pace=CODE_PACE, **shared)
        return [
            Loop("send", sender.send, pause_s=0.5),
            Loop("tidy", sender.tidy, pause_s=5.0),
            Loop("send codes", code_sender.send, pause_s=0.5),
            Loop("tidy codes", code_sender.tidy, pause_s=5.0),
        ]


def _counting(handlers: Mapping[type[Event], Handler]) -> Mapping[type[Event], Handler]:
    return {event_type: _counted(handler) for event_type, handler in handlers.items()}


def _counted(handler: Handler) -> Handler:
    """Let every application of an event leave a mark in its own transaction."""

    async def handle(tx: Any, events: Sequence[Event]) -> None:
        await handler(tx, events)
        note_effects(tx, events)

    return handle


def note_effects(tx: Transaction, events: Sequence[Event]) -> None:
    """Count the application of each event."""
    for event in events:
        before = tx.get("effect", event.event_id)
        tx.put("effect", event.event_id, {"times": (before["times"] if before else 0) + 1})
