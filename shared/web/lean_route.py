"""A hot route: FastAPI declares and describes it, but its request is read without the dependency solver.

The solver and its stacks cost a registration more than all that the registration itself does; docs/decisions holds
the figures. What such a route may ask for is little: one JSON body, headers, an actor, the request.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.web.access import ActorWith
from shared.web.requests import path_of


class TooRich(TypeError):
    """A lean route asks for something that only FastAPI's dependency solver can find."""


class LeanRoute(APIRoute):
    """Answers as FastAPI would; the endpoint returns a Response, and logs what it did."""

    logs_itself = True

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        asks = self.dependant
        if asks.path_params or asks.query_params or asks.cookie_params or len(asks.body_params) != 1:
            raise TooRich(self.path)
        self._walls = {d.name: d.call for d in asks.dependencies if d.name and isinstance(d.call, ActorWith)}
        if len(self._walls) != len(asks.dependencies):
            raise TooRich(self.path)
        [self._body] = asks.body_params
        annotation: Any = self._body.field_info.annotation
        self._body_as_json: TypeAdapter[object] = TypeAdapter(annotation)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; what is raised is answered by the application's handlers."""
        if scope["method"] not in (self.methods or ()):
            await super().handle(scope, receive, send)
            return
        response = await self.answer(Request(scope, receive, send))
        await response(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """Return the answer to one request.

        Raises: what the wall, the reading and the endpoint raise.
        """
        values: dict[str, object] = {name: await wall(request) for name, wall in self._walls.items()}
        try:
            body = await request.body()
        except ClientDisconnect:
            raise HTTPException(HTTPStatus.BAD_REQUEST) from None  # nobody reads it; the log is to call it no defect
        values.update(self._read(request, body))
        if self.dependant.request_param_name:
            values[self.dependant.request_param_name] = request
        response: Response = await self.endpoint(**values)
        return response

    def _read(self, request: Request, body: bytes) -> Mapping[str, object]:
        """Return the headers and the body by the names of the parameters.

        Raises: RequestValidationError, with all that is wrong.
        """
        values: dict[str, object] = {}
        problems: list[Any] = []
        for header in self.dependant.header_params:
            given = request.headers.get(header.alias)
            if given is None:
                problems.append({"type": "missing", "loc": ("header", header.alias), "msg": "Field required"})
                continue
            values[header.name], wrong = header.validate(given, {}, loc=("header", header.alias))
            problems += wrong or []
        values[self._body.name], wrong_in_body = self._read_body(request, body)
        problems += wrong_in_body
        if problems:
            raise RequestValidationError(problems)
        return values

    def _read_body(self, request: Request, body: bytes) -> tuple[object, Sequence[Any]]:
        """Return what the body holds and all that is wrong with it.

        Raises: RequestValidationError, where it is no JSON.
        """
        is_json = request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"
        if is_json:
            # In one step, four times as fast as in two; what it refuses is refused below in the framework's words.
            with suppress(ValidationError):
                return self._body_as_json.validate_json(body), ()
        value, wrong = self._body.validate(_content(body) if is_json else body, {}, loc=("body",))
        return value, wrong or ()


class Lane:
    """Takes a request for a lean route straight to it, and every other one through the framework.

    What stands between costs a registration as much as the parcel's events.
    """

    def __init__(self, app: FastAPI, routers: Sequence[APIRouter], framework: ASGIApp) -> None:
        self._app = app
        self._framework = framework
        self._routes = {
            (method, route.path): route
            for router in routers
            for route in router.routes
            if isinstance(route, LeanRoute)
            for method in route.methods or ()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        route = self._routes.get((scope["method"], path_of(scope)))
        if route is None:
            await self._framework(scope, receive, send)
            return
        scope["app"], scope["route"] = self._app, route
        request = Request(scope, receive, send)
        try:
            response = await route.answer(request)
        except Exception as error:
            kind = next((kind for kind in type(error).__mro__ if kind in self._app.exception_handlers), Exception)
            if kind is Exception:
                raise
            answer: Any = self._app.exception_handlers[kind]
            response = await answer(request, error)
        await response(scope, receive, send)


def _content(body: bytes) -> object:
    """Return what a JSON body holds.

    Raises: RequestValidationError.
    """
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        problem = {"type": "json_invalid", "loc": ("body",), "msg": "This is no JSON."}
        raise RequestValidationError([problem]) from None
