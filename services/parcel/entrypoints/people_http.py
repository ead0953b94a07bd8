"""Offices and staff over HTTP."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends
from pydantic import BaseModel

from services.parcel.use_cases.disable_staff import disable_staff
from shared import clock
from shared.access.roles import STAFF, Actor, Role
from shared.web.access import actor_with
from shared.web.service import Service, service_of

log = structlog.get_logger()
router = APIRouter(tags=["people"])

Serving = Annotated[Service, Depends(service_of)]


class OfficeView(BaseModel):
    """An office as staff pick it from a list."""

    office: str
    name_km: str
    name_en: str
    office_kind: str
    district_code: str
    sample: bool


@router.get("/offices")
async def list_offices(_actor: Annotated[Actor, Depends(actor_with(*STAFF))], service: Serving) -> list[OfficeView]:
    """List every office."""
    return [OfficeView(**office.model_dump()) for office in service.directory.offices.values()]


@router.put("/staff/{staff_id}/disabled", status_code=204)
async def disable(
    staff_id: UUID,
    actor: Annotated[Actor, Depends(actor_with(Role.OFFICE_MANAGER, Role.ADMINISTRATOR))],
    service: Serving,
) -> None:
    """Disable a person; every service refuses their tokens within seconds."""
    async with service.database.transaction() as tx:
        await disable_staff(tx, service.outbox, actor, staff_id, clock.now())
    await service.directory.refresh(service.database)
    log.info("staff disabled", disabled=str(staff_id), actor=actor.id)
