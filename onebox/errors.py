"""What keeps the one-machine stack from running; each is one sentence that says what to do."""

from pathlib import Path

KAFKA_VARIABLE = "CTCPOST_KAFKA"
"""Environment variable with the bootstrap servers of a Kafka that runs elsewhere."""


class CannotRun(Exception):
    """Something outside this program stands in its way."""


class PortTaken(CannotRun):
    """Another program listens where one of ours should."""

    def __init__(self, purpose: str, port: int | None = None) -> None:
        which = f"Port {port}" if port else "The port"
        super().__init__(
            f"{which} for {purpose} is taken by another program: stop that program or choose another port."
        )


class DiskFull(CannotRun):
    """The disk that holds the state folder has no room left."""

    def __init__(self, folder: Path, wanted_mb: int) -> None:
        super().__init__(f"The disk of {folder} is full: free at least {wanted_mb} MB there and start again.")


class JarsUnavailable(CannotRun):
    """Kafka's jars cannot be fetched."""

    def __init__(self, cause: str) -> None:
        super().__init__(
            f"Kafka's jars cannot be fetched ({cause}): give this machine a way to a Maven repository, or name the"
            f" bootstrap servers of another Kafka in {KAFKA_VARIABLE}, or use Docker (docker compose up)."
        )


class JarMismatch(CannotRun):
    """A fetched jar is not the one that kafka.lock names."""

    def __init__(self, jar: str) -> None:
        super().__init__(
            f"{jar} does not have the sha256 that kafka.lock names, twice: check what stands between this machine"
            f" and the Maven repository, or name another Kafka in {KAFKA_VARIABLE}."
        )


class AlreadyRunning(CannotRun):
    """Another process runs the stack of the same state folder."""

    def __init__(self, state: Path, pid: int | None, address: str | None) -> None:
        who = f"process {pid}" if pid else "another process"
        where = f" at {address}" if address else ""
        super().__init__(f"CTC Post runs already{where} ({who}, data in {state}): use it, or stop it with make down.")


class WrongPlatform(CannotRun):
    """A wheel with a server in it does not fit this machine."""

    def __init__(self, program: str) -> None:
        super().__init__(
            f"The packaged {program} does not run on this machine: use Linux with glibc or macOS, 64 bits,"
            " or Docker (docker compose up)."
        )


class NoUserForPostgres(CannotRun):
    """We are root, and no other user is there to run PostgreSQL."""

    def __init__(self) -> None:
        super().__init__(
            "PostgreSQL refuses to run as root: start as an ordinary user, or add a system user named postgres."
        )


class ServerFailed(CannotRun):
    """A server ended, or kept silent, while we waited for it."""

    def __init__(self, name: str, log: Path, last_words: str) -> None:
        super().__init__(f"{name} did not start ({last_words or 'it said nothing'}): see {log}.")
