"""A process of its own that keeps the servers of a test run, and stops them when the run ends, killed or not.

Started by whichever process needs the servers first: `python -m tests.support.keeper FOLDER FLAVOUR OWNER_PID`.
"""

import asyncio
import os
import shutil
import signal
import sys
from pathlib import Path

import psutil

from onebox.errors import CannotRun
from tests.support.addresses import session_tag
from tests.support.databases import drop_all
from tests.support.servers import POSTGRES_VARIABLE, running

PAUSE_S = 0.1


async def keep(folder: Path, flavour: str, owner: psutil.Process) -> None:
    """Run the servers until the owner has gone, or asks us to stop."""
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    try:
        async with running(folder, flavour) as addresses:
            addresses.write(folder / "addresses.json")
            while not stopping.is_set() and _lives(owner):
                await asyncio.sleep(PAUSE_S)
            if POSTGRES_VARIABLE in os.environ:
                await drop_all(addresses, session_tag())
    except CannotRun as error:
        (folder / "failure").write_text(str(error))
    if not _lives(owner):
        shutil.rmtree(folder.parent, ignore_errors=True)


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


if __name__ == "__main__":
    asyncio.run(keep(Path(sys.argv[1]), sys.argv[2], psutil.Process(int(sys.argv[3]))))
