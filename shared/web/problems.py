"""Refusals and faults as problem documents.

Source: RFC 9457. Values that were sent are never echoed: they may be personal.
"""

from collections.abc import Sequence
from http import HTTPStatus

import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from shared import trace
from shared.db.connection import TRANSIENT
from shared.errors import (
    Conflict,
    FieldProblem,
    Forbidden,
    Invalid,
    NotFound,
    PostError,
    Throttled,
    Unauthenticated,
    Unavailable,
)

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
STATUS = {
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    Unauthenticated: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Throttled: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}


class TooLarge(HTTPException):
    """A body above the limit, found while it is read; of this kind, for the framework calls any other a bad body."""

    def __init__(self) -> None:
        super().__init__(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


class ServiceBusy(Unavailable):
    """The service cannot answer now; nothing is known to be done, try again with the same key."""

    slug = "busy"


def install(app: FastAPI) -> None:
    """Answer every refusal and fault of an application as a problem document."""
    app.add_exception_handler(PostError, _on_refusal)
    app.add_exception_handler(RequestValidationError, _on_bad_request)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(TooLarge, _on_too_large)
    app.add_exception_handler(Exception, _on_defect)
    for fault in TRANSIENT:
        app.add_exception_handler(fault, _on_fault_of_the_moment)


def problem(error: PostError) -> JSONResponse:
    """Write one refusal as a problem document."""
    status = next(status for kind, status in STATUS.items() if isinstance(error, kind))
    body: dict[str, object] = {"type": f"/problems/{error.slug}", "title": error.title, "status": status.value}
    if error.detail:
        body["detail"] = error.detail
    headers = {}
    if service_time := getattr(error, "service_time", None):
        body["service_time"] = service_time.isoformat()
    if error.problems or isinstance(error, Invalid):
        body["errors"] = [{"field": p.field, "code": p.code, "message": p.message} for p in error.problems]
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    if retry_after_s := getattr(error, "retry_after_s", None):
        headers["Retry-After"] = str(retry_after_s)
    return JSONResponse(body, status, headers, media_type=MEDIA_TYPE)


def field_problems(errors: Sequence[dict[str, object]]) -> list[FieldProblem]:
    """Name the fields that a request model refused, without their values."""
    return [
        FieldProblem(_field(loc, str(error["type"])), str(error["type"]).replace("_", "-"), str(error["msg"]))
        for error in errors
        if isinstance(loc := error["loc"], tuple)
    ]


async def _on_refusal(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, PostError)
    return problem(error)


async def _on_bad_request(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    return problem(Invalid(field_problems(error.errors())))


async def _on_http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.BAD_REQUEST:
        unreadable = FieldProblem("body", "not-readable", "Write the body as JSON in UTF-8, and nest nothing deep.")
        return problem(Invalid([unreadable]))
    status = HTTPStatus(error.status_code)
    slug = status.phrase.lower().replace(" ", "-").replace("'", "")
    body = {"type": f"/problems/{slug}", "title": f"{status.phrase}.", "status": status.value}
    return JSONResponse(body, status, error.headers, media_type=MEDIA_TYPE)


async def _on_too_large(_request: Request, _error: Exception) -> JSONResponse:
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    body = {"type": "/problems/too-large", "title": "The body is larger than a request may be.", "status": status.value}
    return JSONResponse(body, status, media_type=MEDIA_TYPE)


async def _on_defect(_request: Request, _error: Exception) -> JSONResponse:
    return defect(trace.trace_id(trace.traceparent()))


async def _on_fault_of_the_moment(_request: Request, error: Exception) -> JSONResponse:
    log.warning("request met a fault", error=type(error).__name__)
    return problem(ServiceBusy())


def defect(trace_id: str) -> JSONResponse:
    """Write an answer to what nobody foresaw; the trace id finds it in the logs."""
    body = {
        "type": "/problems/defect",
        "title": "This is a fault of ours; tell an operator the trace id.",
        "status": HTTPStatus.INTERNAL_SERVER_ERROR.value,
        "trace_id": trace_id,
    }
    return JSONResponse(body, HTTPStatus.INTERNAL_SERVER_ERROR, media_type=MEDIA_TYPE)


def _field(loc: tuple[object, ...], kind: str) -> str:
    return "body" if kind == "json_invalid" else ".".join(map(str, loc[1:] or loc))
