"""How a service ends: who has a connection may still ask, and is told to come by another one next time."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from prometheus_client import Counter, Gauge
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from onebox.ports import LOOPBACK
from shared.settings import ServiceSettings
from shared.web.admission import Door
from shared.web.server import Server, server_of
from tests.support.waiting import until_true


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
    else:
        await PlainTextResponse("hello")(scope, receive, send)


@asynccontextmanager
async def serving(app: ASGIApp = hello, **told: object) -> AsyncIterator[tuple[Server, str]]:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        port = taken.getsockname()[1]
    told = {"database_url": "postgresql://nobody@nowhere/none", "port": port} | told
    settings = ServiceSettings.model_validate(told)
    shed, in_hand = Counter("shed", "", registry=None), Gauge("in_hand", "", registry=None)
    server = server_of(app, Door(app, settings.requests_at_once, shed, in_hand), settings)
    running = asyncio.create_task(server.serve())
    await until_true(lambda: server.started)
    try:
        yield server, f"http://{LOOPBACK}:{port}/"
    finally:
        server.should_exit = True
        await running


async def test_a_connection_is_served_after_the_signal_and_then_given_up() -> None:
    async with serving() as (server, url), httpx.AsyncClient(verify=False) as http:
        first = await http.get(url)
        server.should_exit = True
        await until_true(lambda: not any(one.is_serving() for one in server.servers))
        last = await http.get(url)
        assert (last.status_code, last.headers.get("connection")) == (200, "close")
        assert "connection" not in first.headers


async def test_a_new_connection_is_refused_after_the_signal() -> None:
    async with serving() as (server, url), httpx.AsyncClient(verify=False) as http:
        server.should_exit = True
        await until_true(lambda: not any(one.is_serving() for one in server.servers))
        with pytest.raises(httpx.ConnectError):
            await http.get(url)


async def whence(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with where the request came from."""
    if scope["type"] == "lifespan":
        await hello(scope, receive, send)
    else:
        await PlainTextResponse(scope["client"][0])(scope, receive, send)


@pytest.mark.parametrize(
    ("front_door", "seen"), [("", LOOPBACK), ("192.0.2.9", LOOPBACK), (LOOPBACK, "203.0.113.7"), ("*", "203.0.113.7")]
)
async def test_the_front_door_alone_is_believed_about_where_a_request_came_from(front_door: str, seen: str) -> None:
    async with serving(whence, front_door=front_door) as (_, url), httpx.AsyncClient(verify=False) as http:
        answer = await http.get(url, headers={"X-Forwarded-For": "203.0.113.7"})
    assert answer.text == seen
