"""`make demo`: three parcels through their lives, at home, to Seoul and from there, against the running front door."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from onebox import run_lock
from onebox.configuration import sample_passphrase
from onebox.walks.from_seoul import walk_from_seoul
from onebox.walks.posted_here import walk_inside_takeo, walk_to_seoul
from onebox.walks.walk import ANSWER_WITHIN_S, DemoStopped, Say, Walk

STARTED_WITHIN_S = 300.0


async def demo(state: Path, port: int, url: str | None, say: Say) -> None:
    """Walk the parcels, one after the other; starts the post office for the time of the walk if none runs.

    Raises: CannotRun.
    """
    async with _front_door(state, port, url, say) as door:
        passphrase = os.environ.get("PARCEL_SAMPLE_PASSPHRASE") or sample_passphrase(state)
        async with httpx.AsyncClient(base_url=door, timeout=ANSWER_WITHIN_S) as http:
            walk = Walk(http, passphrase, say)
            await walk_inside_takeo(walk)
            await walk_to_seoul(walk)
            await walk_from_seoul(walk)


@asynccontextmanager
async def _front_door(state: Path, port: int, url: str | None, say: Say) -> AsyncIterator[str]:
    running = run_lock.holder(state)
    if url or (running and running.address):
        yield url or str(running and running.address)
        return
    say("No post office runs here; starting one for the demo.")
    starter = [sys.executable, "-m", "onebox", "up", "--state", str(state), "--port", str(port)]
    with subprocess.Popen(starter, stdout=subprocess.DEVNULL) as process:
        try:
            yield await _started(process, state)
        finally:
            process.terminate()


async def _started(process: "subprocess.Popen[bytes]", state: Path) -> str:
    deadline = time.monotonic() + STARTED_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        running = run_lock.holder(state)
        if running and running.address:
            return running.address
        await asyncio.sleep(0.2)
    raise DemoStopped("The post office did not start; run make up to see why.")
