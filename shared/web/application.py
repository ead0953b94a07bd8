"""The HTTP application of a service: its routes, problems, health, metrics, and its life."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from shared.web import admission, description, health, problems, refusals, requests, tracing
from shared.web.lean_route import Lane
from shared.web.service import Plan, running

VERSION = "0.1.0"


class Application(FastAPI):
    """Answers a request through its front, which passes on to the framework what it does not answer itself."""

    front: admission.Door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        await (self.front if scope["type"] == "http" else self.framework)(scope, receive, send)

    async def framework(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as FastAPI does."""
        await super().__call__(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """Describe the routes, with what each may refuse where the service has that in a file."""
        if self.openapi_schema is None:
            document = super().openapi()
            if file := self.state.plan.refusals:
                refusals.declare(document, file)
        return super().openapi()


def create_app(plan: Plan) -> Application:
    """Build the application of a service; it connects to nothing until it is started."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running(app, plan):
            yield

    app = Application(
        title=plan.title,
        version=VERSION,
        lifespan=lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        responses={422: {"description": "Field-level problems.", "content": {"application/problem+json": {}}}},
    )
    app.state.plan = plan
    problems.install(app)
    app.include_router(health.router)
    app.include_router(description.router)
    for router in plan.routers:
        app.include_router(router)
    inside = requests.around(Lane(app, plan.routers, app.framework), plan)
    app.front = admission.door(tracing.traced(inside, plan.name, plan.settings), plan)
    return app
