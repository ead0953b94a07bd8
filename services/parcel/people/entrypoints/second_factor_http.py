"""Second factors over HTTP: a member of staff enrols their own, and confirms it with its first code."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, StringConstraints

from services.parcel.forms import AnyStaff, Body, Serving
from services.parcel.people.entrypoints.proving import address_of, name_of, proven
from services.parcel.people.entrypoints.sessions_http import Code, Signs
from services.parcel.people.use_cases.confirm_second_factor import confirm_second_factor
from services.parcel.people.use_cases.enrol_second_factor import enrol_second_factor
from services.parcel.people.use_cases.sign_in import sign_in
from shared import clock

log = structlog.get_logger()
router = APIRouter(prefix="/staff/me/second-factor", tags=["people"])


class EnrolBody(Body):
    """Proof of who enrols a second factor: a token that somebody left behind is not enough."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"passphrase": "four words of mine"}]})

    passphrase: Annotated[str, StringConstraints(min_length=1, max_length=256)]
    code: Code | None = None
    """Of the second factor that is replaced, where there is one."""


class ConfirmBody(Body):
    """The code that the application shows now that it has the new secret."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"code": "240613"}]})

    code: Code


class SecondFactorView(BaseModel):
    """What the application on the person's phone reads, shown this once."""

    secret: str
    url: str


@router.put("")
async def enrol(
    body: EnrolBody, actor: AnyStaff, request: Request, service: Serving, signing: Signs
) -> SecondFactorView:
    """Enrol a second factor, which takes the place of the one before once it is confirmed.

    Tries count like those to sign in.
    """
    person = await proven(service, signing, request, await name_of(service, actor), body.passphrase)
    async with service.database.transaction() as tx:
        await sign_in(tx, person, body.code, address_of(request), signing.key_ring, clock.now())
        secret, url = await enrol_second_factor(tx, person.staff_id, signing.key_ring)
    log.info("second factor enrolled", actor=actor.id)
    return SecondFactorView(secret=secret, url=url)


@router.put("/confirmation", status_code=204)
async def confirm(body: ConfirmBody, actor: AnyStaff, service: Serving, signing: Signs) -> None:
    """Confirm the second factor that was enrolled last with a code of it; from then on signing in asks for one."""
    async with service.database.transaction() as tx:
        await confirm_second_factor(tx, UUID(actor.id), body.code, signing.key_ring, clock.now())
    log.info("second factor confirmed", actor=actor.id)
