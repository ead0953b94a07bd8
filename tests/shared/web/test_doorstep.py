"""What a full service refuses before anything is made for it, over connections as clients hold them."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import orjson
import pytest
from prometheus_client import CollectorRegistry, Counter, Gauge
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from onebox.ports import LOOPBACK
from shared.settings import ServiceSettings
from shared.web.admission import Door
from shared.web.server import server_of
from tests.support.waiting import until_true

MOST = 2
WITHIN_S = 10.0


@dataclass(slots=True)
class Slow:
    """Answers once it is let, but those who watch at once."""

    let: asyncio.Event = field(default_factory=asyncio.Event)
    inside: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != "/health/live":
            self.inside += 1
            await self.let.wait()
        await PlainTextResponse("done")(scope, receive, send)


class Full:
    """A server with as much in hand as it takes, until it is let go."""

    def __init__(self) -> None:
        self.slow = Slow()
        self.registry = CollectorRegistry()
        shed, in_hand = Counter("shed", "", registry=self.registry), Gauge("in_hand", "", registry=self.registry)
        self.door = Door(self.slow, MOST, shed, in_hand)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self.door(scope, receive, send)

    @property
    def times_shed(self) -> float | None:
        return self.registry.get_sample_value("shed_total")

    async def let_go(self) -> None:
        self.slow.let.set()
        await until_true(lambda: not self.server.server_state.tasks)

    @asynccontextmanager
    async def filled(self) -> AsyncIterator[None]:
        with socket.socket() as taken:
            taken.bind((LOOPBACK, 0))
            self.port = taken.getsockname()[1]
        settings = ServiceSettings.model_validate({"database_url": "postgresql://no@where/none", "port": self.port})
        self.server = server_of(self, self.door, settings)
        running = asyncio.create_task(self.server.serve())
        await until_true(lambda: self.server.started)
        async with self.client() as http:
            waiting = [asyncio.create_task(http.post("/slow")) for _ in range(MOST)]
            await until_true(lambda: self.slow.inside == MOST)
            yield
            self.slow.let.set()
            assert [answer.status_code for answer in await asyncio.gather(*waiting)] == [200] * MOST
        self.server.should_exit = True
        await running

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=f"http://{LOOPBACK}:{self.port}", timeout=WITHIN_S)


@pytest.fixture
async def full() -> AsyncIterator[Full]:
    full = Full()
    async with full.filled():
        yield full


@dataclass(slots=True)
class Line:
    """One connection, spoken to in bytes."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def say(self, *parts: bytes) -> None:
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()
            await asyncio.sleep(0.01)

    async def answer(self) -> tuple[int, dict[str, str], bytes]:
        async with asyncio.timeout(WITHIN_S):
            head = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = dict(line.split(": ", 1) for line in head[1:] if line)
            body = await self.reader.readexactly(int(headers["content-length"]))
        return int(head[0].split()[1]), headers, body

    async def is_closed(self) -> bool:
        async with asyncio.timeout(WITHIN_S):
            return await self.reader.read() == b""


@pytest.fixture
async def line(full: Full) -> AsyncIterator[Line]:
    reader, writer = await asyncio.open_connection(LOOPBACK, full.port)
    yield Line(reader, writer)
    writer.close()


POST = b"POST /slow HTTP/1.1\r\nhost: post.example\r\ncontent-length: 4\r\n"


async def test_it_says_what_the_door_says(full: Full) -> None:
    async with full.client() as http:
        refused = await http.post("/slow", json={})

    assert refused.status_code == 503
    assert refused.headers.raw == full.door.refusal.raw_headers
    assert refused.content == full.door.refusal.body
    assert full.times_shed == 1
    assert full.slow.inside == MOST


async def test_the_next_request_on_the_same_connection_is_read_whatever_the_refused_one_sent(
    full: Full, line: Line
) -> None:
    await line.say(POST + b"\r\n", b"ab", b"cd")
    assert (await line.answer())[0] == 503
    await line.say(POST + b"\r\nabcd" + POST + b"\r\nabcd")
    assert [(await line.answer())[0] for _ in range(2)] == [503, 503]
    await full.let_go()
    await line.say(POST + b"\r\nabcd")
    assert (await line.answer())[0] == 200


async def test_nothing_is_answered_before_a_request_is_read_to_its_end(full: Full, line: Line) -> None:
    await line.say(POST + b"\r\n", b"abc")
    assert full.times_shed == 0
    await line.say(b"d")
    assert (await line.answer())[0] == 503


async def test_who_asks_before_sending_the_body_is_refused_before_it(full: Full, line: Line) -> None:
    await line.say(POST + b"expect: 100-continue\r\n\r\n")
    status, headers, _ = await line.answer()
    assert (status, headers["connection"]) == (503, "close")
    assert await line.is_closed()
    assert full.times_shed == 1


@pytest.mark.parametrize(
    "asked",
    [
        b"POST /slow HTTP/1.0\r\ncontent-length: 4\r\n\r\nabcd",
        POST + b"connection: close\r\n\r\nabcd",
    ],
    ids=["HTTP/1.0", "close"],
)
async def test_a_connection_that_ends_with_its_answer_is_closed(line: Line, asked: bytes) -> None:
    await line.say(asked)
    status, headers, body = await line.answer()
    assert (status, headers["connection"]) == (503, "close")
    assert orjson.loads(body)["type"] == "/problems/overloaded"
    assert await line.is_closed()


async def test_once_the_server_leaves_a_refusal_is_the_last_answer(full: Full, line: Line) -> None:
    await line.say(POST + b"\r\nabcd")
    assert "connection" not in (await line.answer())[1]
    full.server.should_exit = True
    await until_true(lambda: not any(one.is_serving() for one in full.server.servers))
    await line.say(POST + b"\r\nabcd")
    assert (await line.answer())[1]["connection"] == "close"
    assert await line.is_closed()


async def test_who_watches_is_let_in(full: Full) -> None:
    async with full.client() as http:
        assert (await http.get("/health/live")).status_code == 200


async def test_the_answer_to_a_head_has_no_body(full: Full, line: Line) -> None:
    await line.say(b"HEAD /slow HTTP/1.1\r\nhost: post.example\r\n\r\n" + POST + b"\r\nabcd")
    async with asyncio.timeout(WITHIN_S):
        head = await line.reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ")
    assert (await line.answer())[0] == 503


async def test_one_sent_behind_another_takes_its_place(full: Full, line: Line) -> None:
    """It came before the answer to the first, and was not one too many then."""
    await full.let_go()
    full.slow.let.clear()
    await line.say(POST + b"\r\nabcd" + POST + b"\r\nabcd")
    await until_true(lambda: full.slow.inside == MOST + 1)
    full.slow.let.set()
    assert [(await line.answer())[0] for _ in range(2)] == [200, 200]
    assert full.times_shed == 0


async def test_a_place_is_free_again_after_an_answer(full: Full) -> None:
    await full.let_go()
    async with full.client() as http:
        assert [(await http.post("/slow")).status_code for _ in range(MOST + 2)] == [200] * (MOST + 2)
