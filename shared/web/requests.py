"""Around each request: its trace, its size limit, one log line and its measures."""

import time
from http import HTTPStatus
from typing import Any

import structlog
from fastapi import FastAPI
from prometheus_client import Counter, Histogram
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import trace
from shared.web import problems
from shared.web.service import Plan

log = structlog.get_logger()

LARGEST_BODY_BYTES = 1_000_000
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
UNLOGGED = ("/health/", "/metrics")


class TooLarge(HTTPException):
    """A body above the limit, found while it is read; of this kind, for the framework calls any other a bad body."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def path_of(scope: Scope) -> str:
    """Return the path inside this application, wherever the front door mounts it."""
    return str(scope["path"]).removeprefix(str(scope.get("root_path", "")))


def install(app: FastAPI, plan: Plan) -> None:
    """Wrap an application."""
    labels = ["method", "route", "status"]
    duration_s = Histogram(
        "ctcpost_request_seconds", "Time to answer.", labels, buckets=BUCKETS_S, registry=plan.registry
    )
    too_large = Counter("ctcpost_requests_too_large", "Bodies over the limit.", registry=plan.registry)
    app.add_exception_handler(TooLarge, _on_too_large)
    app.add_middleware(_Around, name=plan.name, duration_s=duration_s, too_large=too_large)


class _Around:
    def __init__(self, app: ASGIApp, name: str, duration_s: Histogram, too_large: Counter) -> None:
        self._app = app
        self._name = name
        self._duration_s = duration_s
        self._too_large = too_large

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with trace.within(trace.accepted(Headers(scope=scope).get("traceparent"))):
            trace_id = trace.trace_id(trace.traceparent())
            structlog.contextvars.clear_contextvars()
            structlog.contextvars.bind_contextvars(service=self._name, trace_id=trace_id)
            await self._answer(scope, receive, send, trace_id)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, trace_id: str) -> None:
        started = time.perf_counter()
        answer = _Answer(send, trace_id)
        try:
            await self._app(scope, _limited(receive), answer.send)
        except Exception:
            log.exception("defect")
            if answer.began:
                raise
            await problems.defect(trace_id)(scope, receive, answer.send)
        finally:
            self._note(scope, answer.status, time.perf_counter() - started)
            if answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                self._too_large.inc()

    def _note(self, scope: Scope, status: int, duration_s: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        self._duration_s.labels(scope["method"], route, str(status)).observe(duration_s)
        if not path_of(scope).startswith(UNLOGGED):
            log.info("request", method=scope["method"], route=route, status=status, ms=round(duration_s * 1000, 1))


class _Answer:
    """Passes an answer on, adding the trace id and noting the status."""

    def __init__(self, send: Send, trace_id: str) -> None:
        self._send = send
        self._trace_id = trace_id
        self.status = 500
        self.began = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.began = message["status"], True
            MutableHeaders(scope=message)["x-trace-id"] = self._trace_id
        await self._send(message)


async def _on_too_large(_request: Request, _error: Exception) -> Response:
    return problems.too_large()


def _limited(receive: Receive) -> Receive:
    read_bytes = 0

    async def limited() -> Any:
        nonlocal read_bytes
        message = await receive()
        read_bytes += len(message.get("body", b""))
        if read_bytes > LARGEST_BODY_BYTES:
            raise TooLarge
        return message

    return limited
