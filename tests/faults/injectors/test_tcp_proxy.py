"""The door does to real connections what it says it does."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests.faults.injectors.tcp_proxy import TcpProxy, Way, tcp_proxy

WITHIN_S = 5.0


@pytest.fixture
async def proxy() -> AsyncIterator[TcpProxy]:
    """A door to a server that says back what it hears."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            writer.write(data)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1")
    async with tcp_proxy(server.sockets[0].getsockname()[:2]) as door:
        yield door
    server.close()
    await server.wait_closed()


class Client:
    """Somebody on the near side of the door."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def of(cls, proxy: TcpProxy) -> "Client":
        return cls(*await asyncio.open_connection("127.0.0.1", proxy.port))

    def say(self, text: bytes) -> None:
        self._writer.write(text)

    async def hear(self, count: int) -> bytes:
        return await asyncio.wait_for(self._reader.readexactly(count), WITHIN_S)

    async def hear_the_end(self) -> None:
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            await self.hear(1)

    def leave(self) -> None:
        self._writer.close()


@pytest.fixture
async def client(proxy: TcpProxy) -> AsyncIterator[Client]:
    client = await Client.of(proxy)
    client.say(b"hello")
    assert await client.hear(5) == b"hello"
    yield client
    client.leave()


async def test_a_cut_resets_every_connection_and_lets_new_ones_in(proxy: TcpProxy, client: Client) -> None:
    assert proxy.cut() == 1
    await client.hear_the_end()
    again = await Client.of(proxy)
    again.say(b"again")
    assert await again.hear(5) == b"again"
    again.leave()


async def test_a_door_that_refuses_keeps_those_inside(proxy: TcpProxy, client: Client) -> None:
    proxy.refuse()
    with pytest.raises(ConnectionRefusedError):
        await Client.of(proxy)
    client.say(b"still")
    assert await client.hear(5) == b"still"
    await proxy.open()
    (await Client.of(proxy)).leave()


@pytest.mark.parametrize("way", Way)
async def test_what_was_held_one_way_arrives_after_healing(proxy: TcpProxy, client: Client, way: Way) -> None:
    proxy.hold(way)
    client.say(b"late")
    hearing = asyncio.create_task(client.hear(4))
    passed = proxy.roads[Way.TO_SERVER].passed_bytes
    done, _ = await asyncio.wait([hearing], timeout=0.2)
    assert not done
    assert (proxy.roads[Way.TO_SERVER].passed_bytes > passed) == (way is Way.TO_CLIENT)
    proxy.heal()
    assert await hearing == b"late"


async def test_latency_is_added_once_a_way(proxy: TcpProxy, client: Client) -> None:
    for road in proxy.roads.values():
        road.latency_s = 0.1
    began_at = time.monotonic()
    client.say(b"ping")
    await client.hear(4)
    assert time.monotonic() - began_at >= 0.2


async def test_a_narrow_way_takes_its_time(proxy: TcpProxy, client: Client) -> None:
    proxy.roads[Way.TO_SERVER].bytes_per_s = 100_000
    began_at = time.monotonic()
    client.say(b"x" * 50_000)
    await client.hear(50_000)
    assert time.monotonic() - began_at >= 0.45


async def test_a_connection_is_cut_after_so_many_bytes(proxy: TcpProxy, client: Client) -> None:
    proxy.roads[Way.TO_SERVER].cut_after_bytes = 10
    client.say(b"x" * 20)
    await client.hear_the_end()


async def test_later_connections_go_to_the_new_target(proxy: TcpProxy, client: Client) -> None:
    async def greet(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"other")
        writer.close()

    other = await asyncio.start_server(greet, "127.0.0.1")
    proxy.target = other.sockets[0].getsockname()[:2]
    there = await Client.of(proxy)
    assert await there.hear(5) == b"other"
    client.say(b"stays")
    assert await client.hear(5) == b"stays"
    there.leave()
    other.close()
    await other.wait_closed()
