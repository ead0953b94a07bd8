"""Signing in over HTTP: a short token for name and passphrase, renewed as long as a shift lasts."""

from datetime import datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Request

from services.parcel.entrypoints.bodies import SessionView, SignInBody
from services.parcel.entrypoints.running import Running, running_of
from services.parcel.store import staff
from services.parcel.use_cases.sign_in import sign_in
from shared import clock
from shared.access import tokens
from shared.access.roles import STAFF, Actor
from shared.web.access import actor_with, anyone, token_of
from shared.web.service import Service, service_of

log = structlog.get_logger()
router = APIRouter(prefix="/sessions", tags=["people"])


@router.post("", status_code=201, dependencies=[Depends(anyone)])
async def open_session(
    body: SignInBody,
    service: Annotated[Service, Depends(service_of)],
    running: Annotated[Running, Depends(running_of)],
) -> SessionView:
    """Sign in; the token lives five minutes and every service takes it."""
    async with service.database.connection() as connection:
        known = await staff.by_name(connection, body.name)
    person = await sign_in(known, running.passphrases, body.passphrase)
    token, expires_at = tokens.issue(running.signing_key, str(person.staff_id), clock.now())
    log.info("signed in", actor=str(person.staff_id), role=person.role.value, office=person.office)
    return _view(token, expires_at, Actor(str(person.staff_id), person.role, person.office))


@router.post("/renewals", status_code=201)
async def renew_session(
    actor: Annotated[Actor, Depends(actor_with(*STAFF))],
    request: Request,
    service: Annotated[Service, Depends(service_of)],
    running: Annotated[Running, Depends(running_of)],
) -> SessionView:
    """Get a token for five minutes more, until twelve hours after the passphrase was given."""
    since = service.directory.signed_in_at(token_of(request))
    token, expires_at = tokens.issue(running.signing_key, actor.id, clock.now(), since)
    return _view(token, expires_at, actor)


def _view(token: str, expires_at: datetime, actor: Actor) -> SessionView:
    return SessionView(token=token, expires_at=expires_at, actor=actor.id, role=actor.role.value, office=actor.office)
