"""Holds each refusal that a test meets against what the description of the API says of the route."""

import json
import re
from functools import cache

import httpx

from services.parcel.main import REFUSALS

BY_THE_FRAMEWORK = {"/problems/not-found", "/problems/method-not-allowed"}


async def must_be_declared(answer: httpx.Response) -> None:
    """Check one answer; to be called with each that a client gets."""
    if answer.status_code < 400:
        return
    await answer.aread()
    if answer.headers["content-type"] != "application/problem+json":
        return
    problem, request = answer.json()["type"], answer.request
    routes = sorted((declared for route, declared in _routes() if route.fullmatch(_asked(request))), key=len)
    slug = problem.removeprefix("/problems/")
    assert not routes or problem in BY_THE_FRAMEWORK or any(slug in declared for declared in routes), (
        f"{_asked(request)} refused {slug}, which is not declared"
    )


def _asked(request: httpx.Request) -> str:
    return f"{request.method} {request.url.path}"


@cache
def _routes() -> list[tuple[re.Pattern[str], list[str]]]:
    known: dict[str, list[str]] = json.loads(REFUSALS.read_text())["routes"]
    return [(re.compile(re.sub(r"{\w+}", "[^/]+", route)), declared) for route, declared in known.items()]
