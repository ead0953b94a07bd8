"""Traders sign in over HTTP: by their phone and a code that is sent to it."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Depends
from pydantic import ConfigDict, StringConstraints

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.addresses.entrypoints.phone_field import e164_of
from services.parcel.forms import Body, Phone, Serving
from services.parcel.people.domain.sign_in_code import who_tries
from services.parcel.people.entrypoints.sessions_http import SessionView, Signs, view
from services.parcel.people.use_cases.count_code_try import count_code_try
from services.parcel.people.use_cases.count_try import count_try
from services.parcel.people.use_cases.send_code import send_code
from services.parcel.people.use_cases.sign_in_by_code import sign_in_by_code
from shared import clock
from shared.access.roles import Actor, Role
from shared.failpoints import Place, reached
from shared.web.access import anyone

log = structlog.get_logger()
router = APIRouter(prefix="/trader-sessions", tags=["traders"])


class AskForCodeBody(Body):
    """The phone that a code is to be sent to."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"phone": "012 777 888"}]})

    phone: Phone


class CodeBody(Body):
    """The phone, and the code that came."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"phone": "012 777 888", "code": "240613"}]})

    phone: Phone
    code: Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]


@router.post("/codes", status_code=202, dependencies=[Depends(anyone)])
async def ask_for_code(body: AskForCodeBody, service: Serving) -> None:
    """Send a code if the phone is known; the answer does not tell whether it is."""
    phone = e164_of(body.phone, DOMESTIC, "phone")
    async with service.database.transaction() as tx:
        await send_code(tx, service.outbox, phone, clock.now())
        reached(Place.CODE_WRITTEN)
    reached(Place.CODE_COMMITTED)


@router.post("", status_code=201, dependencies=[Depends(anyone)])
async def begin(body: CodeBody, service: Serving, signing: Signs) -> SessionView:
    """Sign in; the token lives five minutes and every service takes it."""
    phone, now = e164_of(body.phone, DOMESTIC, "phone"), clock.now()
    async with service.database.transaction() as tx:
        # Five tries a code would be thousands a day, for a new code may be asked for each minute.
        await count_try(tx, who_tries(phone), now)
        await count_code_try(tx, phone)
    async with service.database.transaction() as tx:
        member, session, secret = await sign_in_by_code(tx, phone, body.code, now)
    log.info("signed in", actor=session.actor, role=Role.TRADER.value, trader=str(member.trader_id))
    return view(signing, session, secret, Actor(session.actor, Role.TRADER, None, str(member.trader_id)))
