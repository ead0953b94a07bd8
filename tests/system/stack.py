"""The three services as processes of their own, on real servers: started, killed, started again."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from onebox import ports
from onebox.configuration import SERVICES, DatabaseUrls
from onebox.up import MIGRATIONS
from services.parcel.entrypoints.samples import load
from shared.access.tokens import new_signing_key_pem
from shared.db.migrate import migrate
from shared.messaging.topics import create_topics
from shared.sealing import new_ring_file
from shared.web.service import SHARED_MIGRATIONS

READY_WITHIN_S = 30.0
STOPPED_WITHIN_S = 20.0
PASSPHRASE = "a passphrase for tests"


@dataclass
class Stack:
    """Where everything is; one process a service."""

    folder: Path
    kafka: str
    databases: Mapping[str, DatabaseUrls]
    ports: Mapping[str, int]
    processes: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)

    @classmethod
    async def prepare(cls, folder: Path, kafka: str, databases: Mapping[str, DatabaseUrls]) -> "Stack":
        """Migrate, create topics, load samples; nothing runs yet."""
        (folder / "signing-key.pem").write_bytes(new_signing_key_pem())
        (folder / "key-ring.json").write_text(new_ring_file())
        await create_topics(kafka)
        for name in SERVICES:
            await migrate(databases[name].owner, [*SHARED_MIGRATIONS, MIGRATIONS[name]])
        await load(databases["parcel"].service, PASSPHRASE)
        return cls(folder, kafka, databases, ports.choose(folder / "ports.json", SERVICES))

    def url(self, service: str) -> str:
        """Return where a service answers."""
        return f"http://127.0.0.1:{self.ports[service]}"

    async def start(self, service: str) -> None:
        """Start a service and wait until it can answer."""
        with (self.folder / f"{service}.log").open("ab") as log:
            self.processes[service] = await asyncio.create_subprocess_exec(
                sys.executable, "-m", f"services.{service}", env=self._environment(service), stdout=log, stderr=log
            )
        async with asyncio.timeout(READY_WITHIN_S):
            while not await self._ready(service):
                assert self.processes[service].returncode is None, f"{service} ended; see {log.name}"
                await asyncio.sleep(0.05)

    async def start_all(self) -> None:
        """Start every service."""
        await asyncio.gather(*(self.start(service) for service in SERVICES))

    async def kill(self, service: str) -> None:
        """End a service without giving it a chance to tidy up."""
        self.processes[service].kill()
        await self.processes[service].wait()

    async def stop(self, service: str) -> int:
        """Ask a service to stop; returns its exit status."""
        self.processes[service].send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOPPED_WITHIN_S):
            return await self.processes[service].wait()

    async def stop_all(self) -> None:
        """Stop what still runs."""
        running = [name for name, process in self.processes.items() if process.returncode is None]
        await asyncio.gather(*(self.stop(name) for name in running))

    async def _ready(self, service: str) -> bool:
        try:
            async with httpx.AsyncClient(timeout=2.0) as http:
                return (await http.get(f"{self.url(service)}/health/ready")).status_code == 200
        except httpx.TransportError:
            return False

    def _environment(self, service: str) -> dict[str, str]:
        prefix = service.upper()
        told = {
            "DATABASE_URL": self.databases[service].service,
            "KAFKA_BOOTSTRAP": self.kafka,
            "PORT": str(self.ports[service]),
            "KEY_RING_FILE": str(self.folder / "key-ring.json"),
            "SIGNING_KEY_FILE": str(self.folder / "signing-key.pem"),
            "DEVELOPMENT_CHANNEL": "true",
        }
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("COV_")}
        return inherited | {f"{prefix}_{name}": value for name, value in told.items()}
