"""A service that answers as it is told: a status with a body, silence, or a closed connection."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson

Told = tuple[int, dict[str, Any] | bytes] | str
SILENCE, HANG_UP = "silence", "hang up"


@dataclass
class Stub:
    """The service; `asked` holds method, path, headers and body of what came."""

    tell: Callable[[str, str], Told]
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    connections: int = 0
    open: set[asyncio.StreamWriter] = field(default_factory=set)
    url: str = ""

    def paths(self) -> list[str]:
        return [path for _, path, _, _ in self.asked]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open.add(writer)
        try:
            while await self._answer(reader, writer):
                pass
        finally:
            self.open.discard(writer)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return False
        method, path, _ = head[0].split(" ")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.asked.append((method, path, headers, body))
        told = self.tell(method, path)
        if isinstance(told, str):
            if told == SILENCE:
                await reader.read()
            return False
        status, document = told
        payload = document if isinstance(document, bytes) else orjson.dumps(document)
        more = "retry-after: 1\r\n" if status in (429, 503) else ""
        writer.write(f"HTTP/1.1 {status} X\r\n{more}content-length: {len(payload)}\r\n\r\n".encode() + payload)
        return True


@asynccontextmanager
async def stub(tell: Callable[[str, str], Told]) -> AsyncIterator[Stub]:
    made = Stub(tell)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()
        for writer in made.open:
            writer.close()


def post_office(method: str, path: str) -> Told:
    """Answer as services do that have nothing to object to."""
    if path.startswith("/sessions"):
        return 201, {"token": "a token", "session": "a secret"}
    if path == "/parcels":
        return 201, {"item_number": "PD100000005KH"}
    return 200, {}
