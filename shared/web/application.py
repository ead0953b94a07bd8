"""The HTTP application of a service: its routes, problems, health, metrics, and its life."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from shared.web import admission, health, problems, requests, tracing
from shared.web.service import Plan, running

VERSION = "0.1.0"


def create_app(plan: Plan) -> FastAPI:
    """Build the application of a service; it connects to nothing until it is started."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with running(app, plan):
            yield

    app = FastAPI(
        title=plan.title,
        version=VERSION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        responses={422: {"description": "Field-level problems.", "content": {"application/problem+json": {}}}},
    )
    app.state.plan = plan
    problems.install(app)
    requests.install(app, plan)
    tracing.instrument(app, plan.name, plan.settings)
    admission.install(app, plan)
    app.include_router(health.router)
    for router in plan.routers:
        app.include_router(router)
    return app
