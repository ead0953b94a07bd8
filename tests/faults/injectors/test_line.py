"""A line between two places loses, delays and cuts what it is told to, and nothing of it is left behind."""

import asyncio
import random
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack

import pytest

from tests.faults.injectors import namespaces
from tests.faults.injectors.knocking import knock
from tests.faults.injectors.line import DEVICE_MTU, SERVER_ADDRESS, Line, line_between
from tests.faults.injectors.namespaces import namespace
from tests.faults.injectors.tcp_proxy import Way

PORT, OTHER_PORT = 7001, 7002
WHY_NOT = namespaces.why_not()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT))

ASK = """
import socket, sys, time
began_at = time.monotonic()
with socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=float(sys.argv[3])) as there:
    there.settimeout(float(sys.argv[3]))
    there.sendall(b"x" * int(sys.argv[4]))
    got = 0
    while got < int(sys.argv[4]):
        got += len(there.recv(65536))
print(time.monotonic() - began_at)
"""


class Asker:
    """Sends bytes to a server over the line and waits until they came back."""

    def __init__(self, line: Line, services: namespaces.Namespace) -> None:
        self.line = line
        self.services = services

    async def took_s(self, port: int = PORT, patience_s: float = 5.0, count: int = 100) -> float | None:
        command = [sys.executable, "-c", ASK, SERVER_ADDRESS, str(port), str(patience_s), str(count)]
        asking = await asyncio.create_subprocess_exec(
            *self.services.command(command), stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        out, _ = await asking.communicate()
        return None if asking.returncode else float(out)


@pytest.fixture
async def asker() -> AsyncIterator[Asker]:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
        writer.close()

    with ExitStack() as opened:
        servers, services = (opened.enter_context(namespace(name)) for name in ("servers", "services"))
        opened.enter_context(servers.entered())
        line = opened.enter_context(line_between(servers, services, random.Random(1)))
        listening = [await asyncio.start_server(echo, SERVER_ADDRESS, port) for port in (PORT, OTHER_PORT)]
        yield Asker(line, services)
        for server in listening:
            server.close()
            await server.wait_closed()


def test_nothing_is_left_of_a_namespace() -> None:
    with namespace("gone") as made:
        assert (namespaces.NAMED / made.name).exists()
    assert not (namespaces.NAMED / made.name).exists()


async def test_a_line_carries(asker: Asker) -> None:
    assert await asker.took_s(count=500_000) is not None
    assert min(asker.line.carried[way] for way in Way) >= 500_000
    assert asker.line.queued == 0


async def test_a_cut_hits_one_port_and_heals(asker: Asker) -> None:
    asker.line.cut(PORT)
    assert await asker.took_s(patience_s=0.5) is None
    assert asker.line.cut_off[PORT] > 0
    assert await asker.took_s(OTHER_PORT) is not None
    assert asker.line.cut_off[OTHER_PORT] == 0
    asker.line.heal()
    assert await asker.took_s() is not None


async def test_who_knocks_learns_of_a_cut_and_of_a_delay(asker: Asker) -> None:
    prefix = asker.services.command([])
    asker.line.weather.latency_s = 0.1
    (took_s,) = await knock(prefix, SERVER_ADDRESS, PORT, 1, 5.0)
    assert took_s is not None
    assert took_s >= 0.2
    asker.line.cut(PORT)
    assert await knock(prefix, SERVER_ADDRESS, PORT, 2, 0.3) == [None, None]


async def test_a_cut_of_a_pair_hits_one_process_and_heals(asker: Asker) -> None:
    asking = asyncio.create_task(asker.took_s(patience_s=0.5))
    his: set[int] = set()

    def of_one() -> set[int]:
        return his

    asker.line.cut_pair(PORT, of_one)
    assert await asking is not None
    his.update(range(65_536))
    assert await asker.took_s(patience_s=0.5) is None
    assert asker.line.cut_off[PORT] > 0
    assert await asker.took_s(OTHER_PORT) is not None
    asker.line.heal()
    assert await asker.took_s() is not None


@pytest.mark.parametrize("way", Way)
async def test_a_cut_of_one_way_is_a_cut(asker: Asker, way: Way) -> None:
    asker.line.cut(PORT, ways=(way,))
    assert await asker.took_s(patience_s=0.5) is None


async def test_a_slow_line_delays_loses_and_still_delivers(asker: Asker) -> None:
    asker.line.weather.latency_s, asker.line.weather.jitter_s = 0.1, 0.05
    asker.line.weather.loss, asker.line.weather.bytes_per_s = 0.02, 100_000
    began_at = time.monotonic()
    took_s = await asker.took_s(count=50_000, patience_s=20.0)
    assert took_s is not None
    for_s = time.monotonic() - began_at
    assert 0.6 < took_s <= for_s
    assert asker.line.queued > 0
    assert all(50_000 <= asker.line.carried[way] <= 100_000 * for_s + DEVICE_MTU for way in Way)
