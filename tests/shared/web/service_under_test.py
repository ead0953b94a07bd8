"""A small service, made as every service is made."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from fastapi import APIRouter, FastAPI

from services.tracking.main import MIGRATIONS
from shared.contracts.envelope import Event
from shared.messaging.consume import Handler
from shared.settings import ServiceSettings
from shared.web.application import create_app
from shared.web.service import Plan, Service

NOWHERE = "127.0.0.1:1"


def application(
    *routers: APIRouter,
    database_url: str = f"postgresql://nobody:nothing@{NOWHERE}/none",
    kafka: str = NOWHERE,
    handlers: Callable[[Service], Mapping[type[Event], Handler]] = lambda _service: {},
    migrations: Path = MIGRATIONS,
    name: str = "tracking",
    copies_directory: bool = True,
    **settings: object,
) -> FastAPI:
    told = {"database_url": database_url, "kafka_bootstrap": kafka, "database_pool_size": 5, **settings}
    return create_app(
        Plan(
            name=name,
            title="Test",
            settings=ServiceSettings.model_validate(told),
            migrations=migrations,
            routers=routers,
            handlers=handlers,
            copies_directory=copies_directory,
        )
    )


@asynccontextmanager
async def client_of(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Ask an application without starting it."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://post.example") as client:
        yield client


@asynccontextmanager
async def started(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """Ask an application while it runs, with all its background work."""
    async with app.router.lifespan_context(app), client_of(app) as client:
        yield client


def fields(answer: httpx.Response) -> Sequence[tuple[str, str]]:
    """Return path and code of each field that a problem names."""
    return [(problem["field"], problem["code"]) for problem in answer.json()["errors"]]
