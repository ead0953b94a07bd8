"""Exchange rates over HTTP: what a dollar is worth by the day."""

from datetime import date, datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends
from pydantic import ConfigDict, Field

from services.parcel.forms import AnyStaff, Body, Serving, View
from services.parcel.pricing.entrypoints.known_rates import KnownRates, known_rates_of
from services.parcel.pricing.use_cases.find_rate import find_rate
from services.parcel.pricing.use_cases.find_rate_versions import find_rate_versions
from services.parcel.pricing.use_cases.set_rate import set_rate
from shared import clock
from shared.access.roles import Actor, Role
from shared.web.access import actor_with

log = structlog.get_logger()
router = APIRouter(prefix="/exchange-rates", tags=["pricing"])

Administrator = Annotated[Actor, Depends(actor_with(Role.ADMINISTRATOR))]
"""One rate for the nation: whoever works for one office alone does not set it."""
Known = Annotated[KnownRates, Depends(known_rates_of)]


class RateBody(Body):
    """What a dollar is worth."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"riel_per_usd": 4050}]})

    # A rate outside is a slip of the finger, and every counter would charge by it.
    riel_per_usd: Annotated[int, Field(ge=1_000, le=10_000)]


class RateView(View):
    """A rate, and the day from which on it is in force."""

    day: date
    riel_per_usd: int
    set_by: str
    set_at: datetime
    version: int
    """Grows each time that the rate of the day is set again."""


@router.put("/{day}")
async def set_one(day: date, body: RateBody, actor: Administrator, known_rates: Known, service: Serving) -> RateView:
    """Set the rate of today or of a day to come; registrations reckon with it within seconds."""
    async with service.database.transaction() as tx:
        rate = await set_rate(tx, actor, day, body.riel_per_usd, clock.now())
    await known_rates.refresh(service.database)
    log.info("rate set", day=str(day), riel_per_usd=rate.riel_per_usd, version=rate.version, actor=actor.id)
    return RateView.model_validate(rate)


@router.get("/{day}")
async def show_one(day: date, _actor: AnyStaff, service: Serving) -> RateView:
    """Show the rate in force on a day, which may have been set for an earlier one."""
    async with service.database.connection() as connection:
        return RateView.model_validate(await find_rate(connection, day))


@router.get("/{day}/versions")
async def show_versions(day: date, _actor: AnyStaff, service: Serving) -> list[RateView]:
    """Show every rate that was set for this very day, by whom and when; the last one, which counts, first."""
    async with service.database.connection() as connection:
        return [RateView.model_validate(rate) for rate in await find_rate_versions(connection, day)]
