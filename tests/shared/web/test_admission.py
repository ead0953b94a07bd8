"""More requests than a service can have in hand: the next are refused early, and nothing else suffers."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter, FastAPI

from tests.shared.web.service_under_test import application, client_of
from tests.support.waiting import until_true

MOST = 3


class Slow:
    """An application whose one route answers when it is let."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.inside = 0
        router = APIRouter()

        @router.get("/slow")
        async def slow() -> str:
            self.inside += 1
            await self.open.wait()
            return "done"

        self.app: FastAPI = application(router, requests_at_once=MOST)


@pytest.fixture
async def slow() -> Slow:
    return Slow()


@pytest.fixture
async def client(slow: Slow) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(slow.app) as client:
        yield client


async def test_one_more_than_can_be_in_hand_is_refused_at_once(slow: Slow, client: httpx.AsyncClient) -> None:
    waiting = [asyncio.create_task(client.get("/slow")) for _ in range(MOST)]
    await until_true(lambda: slow.inside == MOST)

    refused = await client.get("/slow")

    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["type"] == "/problems/overloaded"
    assert slow.inside == MOST
    slow.open.set()
    assert [answer.status_code for answer in await asyncio.gather(*waiting)] == [200] * MOST


async def test_a_place_is_free_again_after_an_answer(slow: Slow, client: httpx.AsyncClient) -> None:
    slow.open.set()
    for _ in range(MOST + 2):
        assert (await client.get("/slow")).status_code == 200


async def test_those_who_watch_are_let_in_and_read_what_was_shed(slow: Slow, client: httpx.AsyncClient) -> None:
    app = slow.app
    async with app.router.lifespan_context(app):
        waiting = [asyncio.create_task(client.get("/slow")) for _ in range(MOST)]
        await until_true(lambda: slow.inside == MOST)
        await client.get("/slow")

        assert (await client.get("/health/live")).status_code == 200
        measures = (await client.get("/metrics")).text
        assert "ctcpost_requests_shed_total 1.0" in measures
        assert f"ctcpost_requests_in_hand {MOST}.0" in measures
        slow.open.set()
        await asyncio.gather(*waiting)
