"""Holds each refusal that a test meets against what the description of the API says of the route."""

import json
import re
from collections.abc import Awaitable, Callable
from functools import cache

import httpx

from tests.support.addresses import ROOT

BY_THE_FRAMEWORK = {"/problems/not-found", "/problems/method-not-allowed"}


def must_be_declared_by(service: str) -> Callable[[httpx.Response], Awaitable[None]]:
    """Return a check of one answer of a service; to be called with each that a client gets."""

    async def check(answer: httpx.Response) -> None:
        if answer.status_code < 400:
            return
        await answer.aread()
        if answer.headers["content-type"] != "application/problem+json":
            return
        problem, request = answer.json()["type"], answer.request
        found = (declared for route, declared in _routes(service) if route.fullmatch(_asked(request)))
        routes = sorted(found, key=len)
        slug = problem.removeprefix("/problems/")
        assert not routes or problem in BY_THE_FRAMEWORK or any(slug in declared for declared in routes), (
            f"{_asked(request)} refused {slug}, which is not declared"
        )

    return check


def _asked(request: httpx.Request) -> str:
    return f"{request.method} {request.url.path}"


@cache
def _routes(service: str) -> list[tuple[re.Pattern[str], list[str]]]:
    known: dict[str, list[str]] = json.loads((ROOT / "services" / service / "refusals.json").read_text())["routes"]
    return [(re.compile(re.sub(r"{\w+}", "[^/]+", route)), declared) for route, declared in known.items()]
