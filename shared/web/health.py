"""Whether a service lives, whether it can answer, and what it does less well at the moment."""

import asyncio
from typing import Annotated

import asyncpg
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from shared.db import migrate
from shared.db.connection import LOST_CONNECTION
from shared.errors import PostError
from shared.web.access import anyone
from shared.web.service import Plan, Service, service_of

router = APIRouter(include_in_schema=False, dependencies=[Depends(anyone)])

READY_WITHIN_S = 2.0
RELAY_LATE_S = 30.0


@router.get("/health/live")
async def show_live(service: Annotated[Service, Depends(service_of)]) -> Response:
    """Say that the process works; a consumer that stands still although events wait does not count as living."""
    if service.background is not None and service.background.done():
        return JSONResponse({"status": "stopped"}, 503)
    if service.subscription is not None and await service.subscription.is_stuck():
        return JSONResponse({"status": "stuck"}, 503)
    return JSONResponse({"status": "live"})


@router.get("/health/ready")
async def show_ready(request: Request, service: Annotated[Service, Depends(service_of)]) -> Response:
    """Say whether requests can be served: database and schema; what else is amiss stands under `degraded`."""
    why = await _why_not(service, request.app.state.plan)
    if why:
        return JSONResponse({"status": "unavailable", "why": why}, 503, {"Retry-After": "2"})
    return JSONResponse({"status": "ready", "degraded": _degraded(service)})


@router.get("/metrics")
async def show_metrics(service: Annotated[Service, Depends(service_of)]) -> Response:
    """Return the measures of this service."""
    if service.subscription is not None:
        await service.subscription.note_lag()
    return Response(generate_latest(service.measures.registry), media_type=CONTENT_TYPE_LATEST)


async def _why_not(service: Service, plan: Plan) -> str | None:
    try:
        async with asyncio.timeout(READY_WITHIN_S), service.database.connection() as connection:
            missing = await migrate.missing(connection, plan.migration_folders)
    except (TimeoutError, PostError, asyncpg.PostgresError, *LOST_CONNECTION):
        return "the database does not answer"
    return f"the database lacks {', '.join(missing)}: run the migration step first" if missing else None


def _degraded(service: Service) -> list[str]:
    degraded = []
    if service.subscription is not None and not service.subscription.hears_broker():
        degraded.append("broker: events are not read")
    oldest_s = service.measures.registry.get_sample_value("ctcpost_outbox_oldest_unsent_seconds")
    if oldest_s is not None and oldest_s > RELAY_LATE_S:
        degraded.append("relay: events wait in the outbox")
    return degraded
