"""Around each request: its trace, its size limit, one log line, its measures."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import StreamingResponse

from shared import trace
from shared.web.requests import LARGEST_BODY_BYTES
from tests.shared.web.service_under_test import application, client_of
from tests.shared.written import Read

PHONE = "+85512345678"
GIVEN = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
router = APIRouter()


class Text(BaseModel):
    text: str


@router.post("/typed")
async def typed(body: Text) -> int:
    return len(body.text)


@router.post("/raw")
async def raw(request: Request) -> int:
    return len(await request.body())


@router.get("/people/{phone}")
async def person(phone: str) -> str:
    return trace.traceparent()


@router.get("/bug")
async def bug() -> None:
    raise ValueError(PHONE)


@router.get("/half")
async def half() -> StreamingResponse:
    async def parts() -> AsyncIterator[bytes]:
        yield b"begun"
        raise ValueError(PHONE)

    return StreamingResponse(parts())


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(application(router)) as client:
        yield client


async def pieces(total: int) -> AsyncIterator[bytes]:
    while total > 0:
        yield b"x" * min(total, 100_000)
        total -= 100_000


@pytest.mark.parametrize("path", ["/raw", "/typed"])
@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "in pieces"])
async def test_a_body_above_the_limit_is_refused(client: httpx.AsyncClient, path: str, *, chunked: bool) -> None:
    size = LARGEST_BODY_BYTES + 1
    content = pieces(size) if chunked else b"x" * size
    answer = await client.post(path, content=content, headers={"content-type": "application/json"})
    assert ("content-length" in answer.request.headers) is not chunked
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["x-trace-id"]


@pytest.mark.parametrize("chunked", [False, True], ids=["with a length", "in pieces"])
async def test_a_body_of_just_the_limit_is_taken(client: httpx.AsyncClient, *, chunked: bool) -> None:
    content = pieces(LARGEST_BODY_BYTES) if chunked else b"x" * LARGEST_BODY_BYTES
    assert (await client.post("/raw", content=content)).json() == LARGEST_BODY_BYTES


async def test_bodies_above_the_limit_are_counted() -> None:
    app = application(router)
    async with client_of(app) as client:
        await client.post("/raw", content=b"x" * (LARGEST_BODY_BYTES + 1))
        await client.post("/raw", content=b"x")
    assert app.state.plan.registry.get_sample_value("ctcpost_requests_too_large_total") == 1


async def test_the_answer_the_log_line_and_what_is_told_share_one_trace(
    client: httpx.AsyncClient, written: Read
) -> None:
    for headers in ({"traceparent": GIVEN}, {}, {"traceparent": "nonsense"}):
        answer = await client.get(f"/people/{PHONE}", headers=headers)
        line = written()[-1]
        assert line["event"] == "request"
        assert line["trace_id"] == answer.headers["x-trace-id"] == trace.trace_id(answer.json())
        assert (line["trace_id"] == trace.trace_id(GIVEN)) is (
            "traceparent" in headers and "0" in headers["traceparent"]
        )


async def test_a_request_is_one_line_that_names_the_route_and_no_value(
    client: httpx.AsyncClient, written: Read
) -> None:
    await client.get(f"/people/{PHONE}?phone={PHONE}")
    [line] = written()
    assert {name: line[name] for name in ("event", "service", "method", "route", "status")} == {
        "event": "request",
        "service": "tracking",
        "method": "GET",
        "route": "/people/{phone}",
        "status": 200,
    }
    assert PHONE not in str(line)


async def test_a_defect_is_logged_with_frames_and_without_its_text(client: httpx.AsyncClient, written: Read) -> None:
    assert (await client.get("/bug")).status_code == 500
    defect, request = written()
    assert (defect["event"], defect["error"], request["status"]) == ("defect", "ValueError", 500)
    assert defect["trace_id"] == request["trace_id"]
    assert PHONE not in str(written())


async def test_a_defect_after_the_answer_began_cuts_the_answer(client: httpx.AsyncClient, written: Read) -> None:
    answer = await client.get("/half")
    assert answer.text == "begun"
    assert [line["event"] for line in written()] == ["defect", "request"]
    assert PHONE not in str(written())


async def test_probes_are_not_logged(written: Read) -> None:
    app = application(router)
    async with client_of(app) as client:
        await client.get("/health/nothing")
    assert written() == []


async def test_requests_are_measured_by_route_and_not_by_path() -> None:
    app = application(router)
    async with client_of(app) as client:
        for phone in (PHONE, "another"):
            await client.get(f"/people/{phone}")
        await client.get(f"/nothing/{PHONE}")
    read = app.state.plan.registry.get_sample_value
    labels = {"method": "GET", "route": "/people/{phone}", "status": "200"}
    assert read("ctcpost_request_seconds_count", labels) == 2
    assert read("ctcpost_request_seconds_count", {"method": "GET", "route": "none", "status": "404"}) == 1
