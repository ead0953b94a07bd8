"""An embedded PostgreSQL server: made once, started, waited for, stopped. Loopback and passwords, no socket."""

import asyncio
import shutil
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from onebox import server_process
from onebox.ports import LOOPBACK
from onebox.postgres.program import PostgresProgram
from onebox.secret_files import kept
from onebox.server_process import Launch, ServerProcess

ADMIN = "postgres"
STOP_SIGNAL = signal.SIGINT
"""Ends open connections, then writes everything down."""
READY_WITHIN_S = 30.0
CONNECT_WITHIN_S = 5.0
SETTINGS = {
    "listen_addresses": LOOPBACK,
    # No socket: passwords are asked of everybody, and a deep folder is no trouble (a socket's path has 107 bytes).
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Settings for tests of code: quick, and a crash may lose what was committed."""


@dataclass(slots=True)
class PostgresServer:
    """A PostgreSQL of this machine, its data under one folder."""

    program: PostgresProgram
    folder: Path
    port: int
    secrets: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    process: ServerProcess | None = None

    @property
    def host(self) -> str:
        """Return the address it listens on."""
        return LOOPBACK

    @property
    def admin_url(self) -> str:
        """Return the DSN of the superuser."""
        return f"postgresql://{ADMIN}:{self._password()}@{LOOPBACK}:{self.port}/postgres"

    @property
    def data(self) -> Path:
        """Return the folder of the database cluster."""
        return self.folder / "data"

    async def start(self) -> None:
        """Start the server, making its data folder first if there is none, and wait until it answers.

        Raises: PortTaken, DiskFull, WrongPlatform or ServerFailed; then it is not left running.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        await server_process.stop_left_over(self._record, STOP_SIGNAL)
        self._forget_dead_server()
        if not self.data.exists():
            await self._make_data()
        self.process = server_process.start(self._described("postgres", self.data, self._arguments()))
        try:
            await server_process.until(self.process, self._answers, READY_WITHIN_S)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop the server in good order; open connections are closed."""
        if self.process is not None:
            await server_process.stop(self.process)
            self.process = None

    async def kill(self) -> None:
        """End the server at once."""
        if self.process is not None:
            await server_process.kill(self.process)
            self.process = None

    def _forget_dead_server(self) -> None:
        # After a power cut its process id may be someone else's, and PostgreSQL would take that for itself running.
        pid_file = self.data / "postmaster.pid"
        if pid_file.exists() and not server_process.runs_with(int(pid_file.read_text().split()[0]), str(self.data)):
            pid_file.unlink()

    async def _make_data(self) -> None:
        # Made beside its place and moved there: a start that is cut short leaves no half-made cluster.
        unfinished = self.folder / "unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        password_file = self.folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self._password())
        self.program.give(unfinished)
        self.program.give(password_file)
        arguments = ["-U", ADMIN, "--auth=scram-sha-256", f"--pwfile={password_file}", "--encoding=UTF8"]
        arguments += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self.settings.get("fsync") == "off":
            arguments.append("--no-sync")
        try:
            await self._run_initdb(self._described("initdb", unfinished, arguments))
        finally:
            password_file.unlink()
        unfinished.rename(self.data)

    async def _run_initdb(self, launch: Launch) -> None:
        making = server_process.start(launch)
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                await server_process.ended(making)
        finally:
            await server_process.stop(making, within_s=0)
        if making.process.returncode:
            raise server_process.why_it_failed(launch)

    async def _answers(self) -> bool:
        try:
            connection = await asyncpg.connect(self.admin_url, timeout=CONNECT_WITHIN_S)
        except (OSError, TimeoutError, asyncpg.CannotConnectNowError, asyncpg.ConnectionDoesNotExistError):
            return False
        await connection.close()
        return True

    def _described(self, binary: str, data: Path, arguments: list[str]) -> Launch:
        return Launch(
            name="PostgreSQL",
            command=self.program.command(binary, "-D", str(data), *arguments),
            record=self._record,
            log=self.folder / "log",
            folder=self.folder,
            stop_signal=STOP_SIGNAL,
            user=self.program.user,
        )

    def _arguments(self) -> list[str]:
        settings = {**SETTINGS, "port": str(self.port), **self.settings}
        return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]

    def _password(self) -> str:
        return kept(self.secrets, ADMIN)

    @property
    def _record(self) -> Path:
        return self.folder / "process.json"
