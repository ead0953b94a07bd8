"""Composition root of the tracking service."""

from pathlib import Path

from services.tracking.entrypoints import consumers, http, pages, records_http
from services.tracking.settings import TrackingSettings
from shared.web.application import Application, create_app
from shared.web.service import Plan

NAME = "tracking"
MIGRATIONS = Path(__file__).parent / "migrations"
REFUSALS = Path(__file__).parent / "refusals.json"


def build(settings: TrackingSettings) -> Application:
    """Build the service; it connects to nothing until it is started."""
    plan = Plan(
        name=NAME,
        title="CTC Post: tracking",
        settings=settings,
        migrations=MIGRATIONS,
        routers=[http.router, records_http.router, pages.router],
        handlers=consumers.handlers,
        refusals=REFUSALS,
    )
    return create_app(plan)
