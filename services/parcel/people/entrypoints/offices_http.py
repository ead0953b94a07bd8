"""Offices over HTTP."""

from datetime import date
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter
from pydantic.config import JsonDict

from services.parcel.forms import AnybodySignedIn, Body, OfficeCode, Serving, Text
from services.parcel.pages import LARGEST_PAGE, LINKED, Limit, Paged, Word
from services.parcel.people.use_cases.set_office import set_office
from shared import clock
from shared.access.roles import Actor, Role
from shared.contracts.directory import HandOverRule, OfficeKind, OfficeV1
from shared.web.access import actor_with

log = structlog.get_logger()
router = APIRouter(tags=["people"])


Administrator = Annotated[Actor, Depends(actor_with(Role.ADMINISTRATOR))]
BY_CODE: TypeAdapter[str] = TypeAdapter(Word)


class OfficeView(BaseModel):
    """An office as it is picked from a list: all of it is public."""

    office: str
    name_km: str
    name_en: str
    office_kind: str
    district_code: str
    place_code: str | None
    opening_hours: str | None
    latitude: float | None
    longitude: float | None
    closed: bool
    """Takes in no parcels today."""
    sample: bool
    closes_on: date | None = None
    hand_over_rule: HandOverRule = "noted"

    @classmethod
    def of(cls, office: OfficeV1) -> "OfficeView":
        """Show an office as it is today."""
        return cls(**office.model_dump(exclude={"closed"}), closed=not office.takes_in(_today()))


@router.get("/offices", responses=LINKED)
async def list_offices(
    _actor: AnybodySignedIn, service: Serving, page: Paged, limit: Limit = LARGEST_PAGE
) -> list[OfficeView]:
    """List every office, by code."""
    offices, after = service.directory.offices, page.after(BY_CODE) or ""
    codes = sorted(code for code in offices if code > after)[:limit]
    return page.show(codes, lambda code: OfficeView.of(offices[code]), BY_CODE, str, limit)


EXAMPLE: JsonDict = {
    "name_km": "មជ្ឈមណ្ឌលបច្ចេកវិទ្យាសហគមន៍ បាទី",
    "name_en": "Community Tech Center Bati",
    "office_kind": "ctc",
    "district_code": "2102",
    "place_code": "210212",
    "opening_hours": "Mo-Su 07:00-17:30",
}


class OfficeBody(Body):
    """An office as an administrator sets it."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    name_km: Text
    name_en: Text
    office_kind: OfficeKind
    district_code: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}$")]
    place_code: Annotated[str, StringConstraints(pattern=r"^([0-9]{6}|[0-9]{8})$")] | None = None
    opening_hours: Text | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    closed: bool = False
    closes_on: date | None = None
    """First day on which it takes in no parcels; today for one that is closed without a day."""
    hand_over_rule: HandOverRule = "noted"
    """What must be there before a parcel is handed over on which money is due."""


@router.put("/offices/{office}")
async def set_one(
    office: OfficeCode,
    body: OfficeBody,
    actor: Annotated[Actor, Depends(actor_with(Role.ADMINISTRATOR))],
    service: Serving,
) -> OfficeView:
    """Open an office, or change what is said of it; every service hears of it."""
    async with service.database.transaction() as tx:
        wanted = OfficeV1(office=office, sample=False, version=1, **body.model_dump())
        entry = await set_office(tx, service.outbox, wanted, service.directory.offices.get(office), _today())
    await service.directory.refresh(service.database)
    log.info("office set", office=office, closed=entry.closed, actor=actor.id)
    return OfficeView.of(entry)


def _today() -> date:
    return clock.now().astimezone(clock.LOCAL).date()
