import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import pytest

from onebox import server_process
from onebox.errors import CannotRun, DiskFull, PortTaken, ServerFailed, WrongPlatform
from onebox.server_process import Launch
from tests.support.waiting import until_true

SLEEP = "import time; time.sleep(60)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); {SLEEP}"


def _launch(folder: Path, program: str, *arguments: str) -> Launch:
    return Launch(
        name="Sleeper",
        command=[sys.executable, "-c", program, *arguments],
        record=folder / "process.json",
        log=folder / "log",
        folder=folder,
        stop_signal=signal.SIGTERM,
    )


async def test_a_server_is_out_of_reach_of_the_terminal_and_stops_when_asked(tmp_path: Path) -> None:
    server = server_process.start(_launch(tmp_path, SLEEP))
    assert os.getpgid(server.process.pid) != os.getpgid(0)
    await server_process.stop(server)
    assert not server.running
    assert not (tmp_path / "process.json").exists()


async def test_a_server_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    server = server_process.start(_launch(tmp_path, STUBBORN))

    async def is_deaf() -> bool:
        return "deaf" in (tmp_path / "log").read_text()

    await server_process.until(server, is_deaf, within_s=10)
    await server_process.stop(server, within_s=0.1)
    assert server.process.returncode == -signal.SIGKILL


async def test_the_server_of_a_crashed_run_is_found_and_stopped(tmp_path: Path) -> None:
    server = server_process.start(_launch(tmp_path, SLEEP))
    # For a moment after it began, a process has no command line to be known by.
    await until_true(lambda: server_process.runs_with(server.process.pid, SLEEP))
    assert await server_process.stop_left_over(tmp_path / "process.json", signal.SIGTERM)
    await asyncio.wait_for(server_process.ended(server), 10)
    assert not await server_process.stop_left_over(tmp_path / "process.json", signal.SIGTERM)


async def test_a_process_that_only_has_the_same_id_is_left_alone(tmp_path: Path) -> None:
    stranger = server_process.start(_launch(tmp_path, SLEEP))
    record = {"pid": stranger.process.pid, "command": ["postgres", "-D", "elsewhere"]}
    (tmp_path / "process.json").write_text(json.dumps(record))
    assert not await server_process.stop_left_over(tmp_path / "process.json", signal.SIGTERM)
    assert stranger.running
    await server_process.kill(stranger)


@pytest.mark.parametrize(
    ("last_words", "error", "said"),
    [
        ("java.net.BindException: Address already in use", PortTaken, "another program"),
        ("FATAL: could not write: No space left on device", DiskFull, "free at least"),
        ("FATAL: something else", ServerFailed, "something else"),
        ("", ServerFailed, "it said nothing"),
    ],
)
async def test_a_server_that_ends_early_says_why(
    tmp_path: Path, last_words: str, error: type[CannotRun], said: str
) -> None:
    server = server_process.start(_launch(tmp_path, "import sys; print(sys.argv[1])", last_words))

    async def never() -> bool:
        return False

    with pytest.raises(error, match=said):
        await server_process.until(server, never, within_s=10)


async def test_a_program_that_is_not_for_this_machine_is_refused(tmp_path: Path) -> None:
    (tmp_path / "program").write_bytes(b"\x7fELF of another world")
    (tmp_path / "program").chmod(0o755)
    launch = Launch("Server", [str(tmp_path / "program")], tmp_path / "p", tmp_path / "log", tmp_path, signal.SIGTERM)
    with pytest.raises(WrongPlatform, match="docker compose up"):
        server_process.start(launch)
