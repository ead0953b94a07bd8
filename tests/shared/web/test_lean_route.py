"""A lean route answers every request as FastAPI's own route would; only what each costs differs."""

from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field
from starlette.types import Message

from shared.web.lean_route import LeanRoute, TooRich
from shared.web.requests import LARGEST_BODY_BYTES
from tests.shared.web.service_under_test import application, client_of

JSON = {"content-type": "application/json"}
KEY = {"key": "k1"}
GOOD = b'{"weight_g": 5, "lines": [{"text": "tea"}]}'


class Line(BaseModel):
    text: str


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    weight_g: Annotated[int, Field(ge=1)]
    lines: list[Line] = []


async def endpoint(
    body: Body, key: Annotated[str, Header(max_length=4, pattern="^[a-z0-9]+$")], request: Request
) -> Response:
    if key == "bug":
        raise RuntimeError
    return Response(f"{body!r} {key} {request.method}", 201)


def router_of(route_class: type[APIRoute], prefix: str) -> APIRouter:
    router = APIRouter(prefix=prefix, route_class=route_class)
    router.post("", status_code=201)(endpoint)
    return router


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(application(router_of(LeanRoute, "/lean"), router_of(APIRoute, "/full"))) as client:
        yield client


def told(answer: httpx.Response) -> tuple[int, str, Any]:
    if answer.status_code == 201:
        return 201, answer.text, None
    body = answer.json()
    named = sorted((problem["field"], problem["code"]) for problem in body.get("errors", []))
    return answer.status_code, body["type"], named


@pytest.mark.parametrize(
    ("headers", "content"),
    [
        (JSON | KEY, GOOD),
        (JSON | {"key": "bug"}, GOOD),
        ({"content-type": "application/json; charset=utf-8"} | KEY, GOOD),
        (JSON | KEY, b'{"weight_g": "5"}'),
        (JSON | KEY, b'{"weight_g": 0, "more": 1, "lines": [{}, {"text": 7}]}'),
        (JSON | KEY, b"[]"),
        (JSON | KEY, b"not json"),
        (JSON, GOOD),
        (JSON, b"{}"),
        (JSON | {"key": "toolong"}, GOOD),
        (JSON | {"key": "K!"}, b'{"weight_g": null}'),
        (JSON | KEY, b'{"weight_g": 5, "more": "' + b"x" * LARGEST_BODY_BYTES + b'"}'),
        (JSON | KEY, b'{"weight_g": 5, "weight_g": 6}'),
        (JSON | KEY, b'{"weight_g": 5.0, "lines": [{"text": "\\ud83d\\ude00"}]}'),
        (JSON | KEY, b'{"weight_g": 5, "lines": [{"text": "\\ud800"}]}'),
        (JSON | KEY, b'{"weight_g": NaN}'),
        (JSON | KEY, b'{"weight_g": true}'),
        (JSON | KEY, b'{"weight_g": 1e400}'),
        (JSON | KEY, b'{"weight_g": 5, "lines": {"0": {"text": "tea"}}}'),
        (JSON | KEY, b"\xef\xbb\xbf" + GOOD),
        (JSON | KEY, GOOD.decode().encode("utf-16")),
        (JSON | KEY, GOOD + b" x"),
    ],
)
async def test_the_same_request_gets_the_same_answer(
    client: httpx.AsyncClient, headers: dict[str, str], content: bytes
) -> None:
    lean, full = [await client.post(path, headers=headers, content=content) for path in ("/lean", "/full")]
    assert told(lean) == told(full)


@pytest.mark.parametrize("path", ["/lean", "/full"])
async def test_who_hangs_up_in_the_middle_is_no_defect(path: str) -> None:
    app = application(router_of(LeanRoute, "/lean"), router_of(APIRoute, "/full"))
    said: list[Message] = []
    heard: Iterator[Message] = iter(
        [{"type": "http.request", "body": b'{"we', "more_body": True}, {"type": "http.disconnect"}]
    )

    async def receive() -> Message:
        return next(heard)

    async def send(message: Message) -> None:
        said.append(message)

    headers = [(b"content-type", b"application/json"), (b"key", b"k1")]
    scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "query_string": b"", "root_path": ""}
    await app(scope | {"scheme": "http", "server": ("test", 80)}, receive, send)

    assert said[0]["status"] == 422


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
async def test_another_method_is_not_allowed(client: httpx.AsyncClient, method: str) -> None:
    lean, full = [await client.request(method, path) for path in ("/lean", "/full")]
    assert (lean.status_code, lean.headers["allow"]) == (full.status_code, full.headers["allow"]) == (405, "POST")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_a_body_that_does_not_say_it_is_json_is_refused(client: httpx.AsyncClient, content_type: str) -> None:
    answer = await client.post("/lean", headers=KEY | {"content-type": content_type}, content=GOOD)
    assert answer.status_code == 422


@pytest.mark.parametrize("body", [b'{"weight_g": "\xff\xfe"}', b"[" * 200_000])
async def test_what_cannot_be_read_is_refused(client: httpx.AsyncClient, body: bytes) -> None:
    answer = await client.post("/lean", headers=JSON | KEY, content=body)
    assert told(answer) == (422, "/problems/invalid-request", [("body", "json-invalid")])


@pytest.mark.parametrize("body", [b'"\xff"', b"[" * 100_000, b'{"weight_g": ' + b"9" * 5_000 + b"}"])
async def test_a_body_that_the_framework_cannot_read_is_refused_as_any_other(
    client: httpx.AsyncClient, body: bytes
) -> None:
    status, problem, fields = told(await client.post("/full", headers=JSON | KEY, content=body))
    assert (status, problem, fields[0][0]) == (422, "/problems/invalid-request", "body")


async def _of_path(thing: str, body: Body) -> Response:
    return Response(thing + str(body))


async def _of_query(body: Body, thing: Annotated[str, Query()]) -> Response:
    return Response(thing + str(body))


async def _of_dependency(body: Body, thing: Annotated[str, Depends(lambda: "x")]) -> Response:
    return Response(thing + str(body))


@pytest.mark.parametrize(("path", "asks"), [("/{thing}", _of_path), ("/", _of_query), ("/", _of_dependency)])
def test_a_route_that_asks_for_more_is_refused_when_it_is_made(path: str, asks: Any) -> None:
    with pytest.raises(TooRich):
        APIRouter(route_class=LeanRoute).post(path)(asks)
