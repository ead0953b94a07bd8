"""The three services as processes of their own, on real servers: started, killed, paused, started again.

A service may run several times: replica 0 is the one that everybody means who names none.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from onebox import ports
from onebox.configuration import SERVICES, DatabaseUrls
from onebox.simulator.connections import Connections, NoAnswer, NothingSent
from onebox.up import MIGRATIONS
from services.parcel.setup.entrypoints.samples import load
from services.parcel.setup.use_cases.load_samples import SampleOffice
from shared.access.tokens import new_signing_key_pem
from shared.db.migrate import migrate
from shared.failpoints import VARIABLE
from shared.messaging.topics import create_topics
from shared.sealing import new_ring_file
from shared.web.service import SHARED_MIGRATIONS
from tests.support.addresses import ROOT

READY_WITHIN_S = 30.0
STOPPED_WITHIN_S = 20.0
PASSPHRASE = "a passphrase for tests"
LOOPBACK = "127.0.0.1"
REPLICAS = 3
"""For as many of each service there are ports."""
HEALTH_WITHIN_S = 2.0
COMPILED_EACH_TIME = "PYTHONDONTWRITEBYTECODE"
"""Not for services, which are started again and again: each start would compile the source anew."""


@dataclass(frozen=True, slots=True)
class Launch:
    """How one process is started, now and each time that it is started again."""

    service: str
    replica: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)
    prefix: Sequence[str] = ()
    """What the command begins with, such as a network namespace or another clock."""
    tree: Path = ROOT
    """The source that runs."""

    @property
    def name(self) -> str:
        """Return what the process is called: the service, with the number of its replica behind it."""
        return f"{self.service}-{self.replica}" if self.replica else self.service

    @property
    def trap(self) -> str:
        """Return the failpoint that is set, or nothing."""
        return self.environment.get(VARIABLE, "")

    def trapped(self, trap: str) -> "Launch":
        """Return the same with a failpoint, or without any."""
        environment = {name: text for name, text in self.environment.items() if name != VARIABLE}
        return replace(self, environment=environment | ({VARIABLE: trap} if trap else {}))


@dataclass
class Stack:
    """Where everything is, and which processes there are by name; a test may change the addresses a service is told."""

    folder: Path
    kafka: str
    databases: Mapping[str, DatabaseUrls]
    ports: Mapping[str, int]
    kafka_of: dict[str, str] = field(default_factory=dict)
    """Bootstrap servers of a service that does not use those of the others."""
    database_of: dict[str, str] = field(default_factory=dict)
    """DSN of a service that reaches its database another way."""
    host_of: dict[str, str] = field(default_factory=dict)
    """Address that a service listens on, if not the loopback."""
    processes: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)
    launches: dict[str, Launch] = field(default_factory=dict)

    @classmethod
    async def prepare(
        cls, folder: Path, kafka: str, databases: Mapping[str, DatabaseUrls], more: Sequence[SampleOffice] = ()
    ) -> "Stack":
        """Migrate, create topics, load samples and more offices; nothing runs yet."""
        (folder / "signing-key.pem").write_bytes(new_signing_key_pem())
        (folder / "key-ring.json").write_text(new_ring_file())
        await create_topics(kafka)
        for name in SERVICES:
            await migrate(databases[name].owner, [*SHARED_MIGRATIONS, MIGRATIONS[name]])
        await load(databases["parcel"].service, PASSPHRASE, more)
        names = [Launch(service, replica).name for service in SERVICES for replica in range(REPLICAS)]
        return cls(folder, kafka, databases, ports.choose(folder / "ports.json", names))

    def url(self, service: str, replica: int = 0) -> str:
        """Return where a service answers."""
        return f"http://{self.host_of.get(service, LOOPBACK)}:{self.ports[Launch(service, replica).name]}"

    def log_of(self, name: str) -> Path:
        """Return the file that a process writes to, each start behind the one before."""
        return self.folder / f"{name}.log"

    def runs(self, name: str) -> bool:
        """Tell whether a process is there."""
        process = self.processes.get(name)
        return process is not None and process.returncode is None

    def pid(self, service: str, replica: int = 0) -> int:
        """Return the process id."""
        return self.processes[Launch(service, replica).name].pid

    async def start(self, service: str, replica: int = 0, environment: Mapping[str, str] | None = None) -> None:
        """Start a service and wait until it can answer."""
        launch = Launch(service, replica, environment or {})
        await self.launch(launch)
        await self.until_ready(launch.name)

    async def launch(self, launch: Launch) -> None:
        """Start a process; it cannot answer yet, and may die before it can."""
        with self.log_of(launch.name).open("ab") as log:
            self.launches[launch.name] = launch
            self.processes[launch.name] = await asyncio.create_subprocess_exec(
                *launch.prefix,
                sys.executable,
                "-m",
                f"services.{launch.service}",
                cwd=launch.tree,
                env=self._environment(launch),
                stdout=log,
                stderr=log,
            )

    async def until_ready(self, name: str, within_s: float = READY_WITHIN_S) -> None:
        """Wait until a process can answer."""
        launch = self.launches[name]
        async with asyncio.timeout(within_s):
            while not await self.ready(launch.service, launch.replica):
                assert self.runs(name), f"{name} ended; see {self.log_of(name)}"
                await asyncio.sleep(0.05)

    async def start_all(self) -> None:
        """Start every service."""
        await asyncio.gather(*(self.start(service) for service in SERVICES))

    async def kill(self, service: str, replica: int = 0) -> None:
        """End a process without giving it a chance to tidy up."""
        process = self.processes[Launch(service, replica).name]
        process.kill()
        await process.wait()

    async def stop(self, service: str, replica: int = 0) -> int:
        """Ask a process to stop; returns its exit status."""
        process = self.processes[Launch(service, replica).name]
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOPPED_WITHIN_S):
            return await process.wait()

    def pause(self, service: str, replica: int = 0) -> None:
        """Let a process stand still."""
        self.processes[Launch(service, replica).name].send_signal(signal.SIGSTOP)

    def resume(self, service: str, replica: int = 0) -> None:
        """Let a process go on that stands still."""
        self.processes[Launch(service, replica).name].send_signal(signal.SIGCONT)

    async def stop_all(self) -> None:
        """Stop what still runs."""
        running = [self.launches[name] for name in self.processes if self.runs(name)]
        for launch in running:
            self.resume(launch.service, launch.replica)
        await asyncio.gather(*(self.stop(launch.service, launch.replica) for launch in running))

    async def ready(self, service: str, replica: int = 0) -> bool:
        """Tell whether a process can answer."""
        return await self.health("ready", service, replica) == 200

    async def health(self, page: str, service: str, replica: int = 0) -> int | None:
        """Return the status of a page of health; None where nobody answers.

        It is asked twenty times a second while processes start, which are to have the processor for themselves.
        """
        connections = Connections(self.url(service, replica), most=1)
        try:
            return (await connections.ask("GET", f"/health/{page}", {}, b"", HEALTH_WITHIN_S)).status
        except (NothingSent, NoAnswer):
            return None
        finally:
            connections.close()

    def _environment(self, launch: Launch) -> dict[str, str]:
        service = launch.service
        told = {
            "DATABASE_URL": self.database_of.get(service, self.databases[service].service),
            "KAFKA_BOOTSTRAP": self.kafka_of.get(service, self.kafka),
            "HOST": self.host_of.get(service, LOOPBACK),
            "PORT": str(self.ports[launch.name]),
            "KEY_RING_FILE": str(self.folder / "key-ring.json"),
            "SIGNING_KEY_FILE": str(self.folder / "signing-key.pem"),
            "DEVELOPMENT_CHANNEL": "true",
        }
        return (
            dict(_inherited())
            | {f"{service.upper()}_{name}": value for name, value in told.items()}
            | dict(launch.environment)
        )


def _inherited() -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in os.environ.items() if name != COMPILED_EACH_TIME and name[:4] != "COV_")
