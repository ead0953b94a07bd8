"""Ranges over HTTP: the serials that the post grants for an indicator."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Path
from pydantic import ConfigDict, Field, StringConstraints

from services.parcel.forms import Body, Serving
from services.parcel.numbers.entrypoints.numbers_http import RangeView
from services.parcel.numbers.use_cases.grant_range import grant_range
from shared.access.roles import Actor, Role
from shared.s10 import SERIALS
from shared.web.access import actor_with

log = structlog.get_logger()
router = APIRouter(prefix="/number-ranges", tags=["numbers"])

Administrator = Annotated[Actor, Depends(actor_with(Role.ADMINISTRATOR))]
Indicator = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Serial = Annotated[int, Path(ge=0, lt=SERIALS)]


class GrantBody(Body):
    """Where a range ends, and whether the post has yet to confirm it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"last_serial": 59_999_999, "provisional": False}]})

    last_serial: Annotated[int, Field(ge=0, lt=SERIALS)]
    provisional: bool = False


@router.put("/{indicator}/{first_serial}")
async def grant(
    indicator: Indicator, first_serial: Serial, body: GrantBody, actor: Administrator, service: Serving
) -> RangeView:
    """Grant a range of serials, or confirm one that was provisional; the same again changes nothing."""
    async with service.database.transaction() as tx:
        granted = await grant_range(tx, indicator, first_serial, body.last_serial, provisional=body.provisional)
    log.info(
        "range granted",
        indicator=indicator,
        first_serial=first_serial,
        last_serial=body.last_serial,
        provisional=body.provisional,
        actor=actor.id,
    )
    return RangeView.of(granted)
