"""Around each request: its trace, its size limit, its measures, and a log line where the route writes none."""

import time
from http import HTTPStatus
from typing import Any

import structlog
from prometheus_client import Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared import trace
from shared.web import problems
from shared.web.service import Plan
from shared.web.tracing import name_span

log = structlog.get_logger()

LARGEST_BODY_BYTES = 1_000_000
LARGEST_PHOTO_BYTES = 5 * 2**20
PHOTOS = (b"image/", b"application/pdf")
BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
UNLOGGED = ("/health/", "/metrics")


def path_of(scope: Scope) -> str:
    """Return the path inside this application, wherever the front door mounts it."""
    return str(scope["path"]).removeprefix(str(scope.get("root_path", "")))


def around(app: ASGIApp, plan: Plan) -> ASGIApp:
    """Put this around the requests that an application answers."""
    labels = ["method", "route", "status"]
    duration_s = Histogram(
        "ctcpost_request_seconds", "Time to answer.", labels, buckets=BUCKETS_S, registry=plan.registry
    )
    too_large = Counter("ctcpost_requests_too_large", "Bodies over the limit.", registry=plan.registry)
    return _Around(app, plan.name, duration_s, too_large)


class _Around:
    def __init__(self, app: ASGIApp, name: str, duration_s: Histogram, too_large: Counter) -> None:
        self._app = app
        self._name = name
        self._duration_s = duration_s
        self._too_large = too_large

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with trace.within(trace.accepted(_traceparent_of(scope))):
            trace_id = trace.trace_id(trace.traceparent())
            structlog.contextvars.clear_contextvars()
            structlog.contextvars.bind_contextvars(service=self._name, trace_id=trace_id)
            await self._answer(scope, receive, send, trace_id)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, trace_id: str) -> None:
        started = time.perf_counter()
        answer = _Answer(scope, send, trace_id)
        try:
            await self._app(scope, _limited(receive, _most(scope)), answer.send)
        except Exception:
            log.exception("defect")
            if not answer.began:
                await problems.defect(trace_id)(scope, receive, answer.send)
            elif not answer.ended:
                raise
        finally:
            self._note(scope, answer.status, time.perf_counter() - started)
            if answer.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                self._too_large.inc()

    def _note(self, scope: Scope, status: int, duration_s: float) -> None:
        found = scope.get("route")
        route = getattr(found, "path", "none")
        self._duration_s.labels(scope["method"], route, str(status)).observe(duration_s)
        told = status < HTTPStatus.BAD_REQUEST and getattr(found, "logs_itself", False)
        if not told and not path_of(scope).startswith(UNLOGGED):
            log.info("request", method=scope["method"], route=route, status=status, ms=round(duration_s * 1000, 1))


class _Answer:
    """Passes an answer on, adding the trace id and noting the status."""

    def __init__(self, scope: Scope, send: Send, trace_id: str) -> None:
        self._scope = scope
        self._send = send
        self._trace_id = trace_id
        self.status = 500
        self.began = self.ended = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.began = message["status"], True
            name_span(self._scope["method"], getattr(self._scope.get("route"), "path", ""))
            told = quota.headers() if (quota := self._scope.get("quota")) else ()
            message["headers"] = [*message.get("headers", ()), (b"x-trace-id", self._trace_id.encode()), *told]
        else:
            self.ended = not message.get("more_body", False)
        await self._send(message)


def _traceparent_of(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"traceparent":
            return str(value, "latin-1")
    return None


def _most(scope: Scope) -> int:
    """Return how many bytes a body may have, by what it says that it is."""
    kind = next((value for name, value in scope["headers"] if name == b"content-type"), b"")
    return LARGEST_PHOTO_BYTES if kind.startswith(PHOTOS) else LARGEST_BODY_BYTES


def _limited(receive: Receive, most: int) -> Receive:
    read_bytes = 0

    async def limited() -> Any:
        nonlocal read_bytes
        message = await receive()
        read_bytes += len(message.get("body", b""))
        if read_bytes > most:
            raise problems.TooLarge
        return message

    return limited
