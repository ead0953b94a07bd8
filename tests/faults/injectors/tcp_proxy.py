"""A door between a client and a server that can be shut, cut, held and narrowed while traffic runs through it.

What is held is kept and passed on later, as TCP does with packets that were lost: a stream never has a hole.
"""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

HOST = "127.0.0.1"
PIECE_BYTES = 16_384
PIECES_UNDER_WAY = 64
CONNECT_WITHIN_S = 5.0
RESET_AT_CLOSE = struct.pack("ii", 1, 0)


class Way(StrEnum):
    """Which of the two streams of a connection."""

    TO_SERVER = "to server"
    TO_CLIENT = "to client"


class Tap(Protocol):
    """Listens to one connection, and may end it with an answer swallowed."""

    def asked(self, data: bytes) -> None:
        """Hear what the client said."""

    def answered(self, data: bytes) -> bytes | None:
        """Hear what the server said; returns what the client may hear of it, None to cut the connection."""


@dataclass(slots=True)
class Road:
    """One way through the door, for all connections."""

    latency_s: float = 0.0
    bytes_per_s: float | None = None
    cut_after_bytes: int | None = None
    """Cut a connection when this much went through; what is over it is not passed on."""
    passed_bytes: int = 0
    open: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open.set()


class TcpProxy:
    """Listens on a port of its own and passes on to the target, which may be changed for later connections."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.target = target
        self.port = 0
        self.accepted = 0
        self.roads = {way: Road() for way in Way}
        self.new_tap: Callable[[], Tap] | None = None
        self._server: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], tuple[asyncio.StreamWriter, asyncio.StreamWriter | None]] = {}

    async def open(self) -> None:
        """Take connections, on the same port as before."""
        self._server = await asyncio.start_server(self._on_client, HOST, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    def refuse(self) -> None:
        """Take no further connection: whoever comes is refused; those inside stay."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def cut(self) -> int:
        """Reset every connection; returns how many there were."""
        cut = list(self._connections.values())
        for client, server in cut:
            _reset(client)
            if server is not None:
                _reset(server)
        return len(cut)

    def hold(self, *ways: Way) -> None:
        """Let nothing through on these ways, both if none is named, without telling anybody."""
        for way in ways or Way:
            self.roads[way].open.clear()

    def heal(self) -> None:
        """Let everything through again at full speed; what was held goes on its way."""
        for way in Way:
            self.roads[way].open.set()
            self.roads[way].latency_s = 0.0
            self.roads[way].bytes_per_s = self.roads[way].cut_after_bytes = None
        self.new_tap = None

    async def close(self) -> None:
        """Refuse, cut, and wait until nothing of it runs."""
        self.refuse()
        self.cut()
        running = list(self._connections)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _on_client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        task = asyncio.create_task(self._join(reader, writer))
        self._connections[task] = (writer, None)
        task.add_done_callback(self._connections.pop)

    async def _join(self, client: asyncio.StreamReader, to_client: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        try:
            server, to_server = await asyncio.wait_for(asyncio.open_connection(*self.target), CONNECT_WITHIN_S)
        except (OSError, TimeoutError):
            _reset(to_client)
            return
        self._connections[task] = (to_client, to_server)
        tap = self.new_tap() if self.new_tap else None
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._carry(Way.TO_SERVER, client, to_server, tap))
                both.create_task(self._carry(Way.TO_CLIENT, server, to_client, tap))
        except* (OSError, _CutHere):
            pass
        finally:
            _reset(to_client)
            _reset(to_server)

    async def _carry(self, way: Way, source: asyncio.StreamReader, sink: asyncio.StreamWriter, tap: Tap | None) -> None:
        pieces: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(PIECES_UNDER_WAY)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._read(way, source, pieces, tap))
            group.create_task(self._write(way, sink, pieces))

    async def _read(
        self, way: Way, source: asyncio.StreamReader, pieces: asyncio.Queue[tuple[float, bytes]], tap: Tap | None
    ) -> None:
        now = asyncio.get_running_loop().time
        road, free_at, seen = self.roads[way], 0.0, 0
        while True:
            came = await source.read(PIECE_BYTES)
            data = came if tap is None else _heard(came, way, tap)
            if came and not data:
                continue
            seen += len(data)
            if road.cut_after_bytes is not None and seen > road.cut_after_bytes:
                raise _CutHere
            # A slow line is busy with one piece after the other; the way through the air is the same for all.
            free_at = max(free_at, now()) + (len(data) / road.bytes_per_s if road.bytes_per_s else 0)
            await pieces.put((free_at + road.latency_s, data))
            if not data:
                return

    async def _write(self, way: Way, sink: asyncio.StreamWriter, pieces: asyncio.Queue[tuple[float, bytes]]) -> None:
        now, road = asyncio.get_running_loop().time, self.roads[way]
        while True:
            due_at, data = await pieces.get()
            if (early_s := due_at - now()) > 0:
                await asyncio.sleep(early_s)
            await road.open.wait()
            if not data:
                with suppress(OSError):
                    sink.write_eof()
                return
            road.passed_bytes += len(data)
            sink.write(data)
            await sink.drain()


@asynccontextmanager
async def tcp_proxy(target: tuple[str, int]) -> AsyncIterator[TcpProxy]:
    """Open a door to a target; it is shut, and everybody inside out, when the block ends."""
    proxy = TcpProxy(target)
    await proxy.open()
    try:
        yield proxy
    finally:
        await proxy.close()


class _CutHere(Exception):
    """This connection ends here."""


def _heard(data: bytes, way: Way, tap: Tap) -> bytes:
    """Let a tap hear what came; returns what goes on."""
    if way is Way.TO_SERVER:
        tap.asked(data)
        return data
    passed = tap.answered(data)
    if passed is None:
        raise _CutHere
    return passed


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    if connection is not None and not writer.is_closing():
        with suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_CLOSE)
        writer.transport.abort()
