"""Sessions over HTTP: a short token for name and passphrase, renewed as long as the session goes on."""

from datetime import datetime
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

from services.parcel.forms import Body, Serving
from services.parcel.people.domain.session import Session
from services.parcel.people.entrypoints.proving import address_of, proven
from services.parcel.people.entrypoints.signing import Signing, signing_of
from services.parcel.people.use_cases.end_session import end_session
from services.parcel.people.use_cases.open_session import open_session
from services.parcel.people.use_cases.renew_session import renew_session
from services.parcel.people.use_cases.sign_in import sign_in
from shared import clock
from shared.access import tokens
from shared.access.roles import Actor
from shared.web.access import anyone

log = structlog.get_logger()
router = APIRouter(prefix="/sessions", tags=["people"])

Signs = Annotated[Signing, Depends(signing_of)]
Secret = Annotated[str, StringConstraints(min_length=20, max_length=100, pattern=r"^[A-Za-z0-9_-]+$")]


def _storable(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("zero_character", "Leave the zero character out; no name has one.")
    return text


Code = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]
"""Of the application on the person's phone."""


class SignInBody(Body):
    """Name and passphrase of a member of staff, and the code of the second factor where there is one."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"name": "chan sophea", "passphrase": "words of hers alone"}]}
    )

    name: Annotated[str, StringConstraints(min_length=1, max_length=64), AfterValidator(_storable)]
    passphrase: Annotated[str, StringConstraints(min_length=1, max_length=256)]
    code: Code | None = None


class SessionBody(Body):
    """The secret that a device got when its person signed in."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"session": "what-signing-in-answered-as-session"}]})

    session: Secret


class SessionView(BaseModel):
    """A short token, whom it speaks of, and the secret that gets the next one."""

    token: str
    expires_at: datetime
    session: str
    session_ends_at: datetime
    """Where it is used all the time; half an hour without a renewal ends it as well."""
    actor: str
    role: str
    office: str | None
    trader: str | None = None


@router.post("", status_code=201, dependencies=[Depends(anyone)])
async def begin(body: SignInBody, request: Request, service: Serving, signing: Signs) -> SessionView:
    """Sign in; the token lives five minutes and every service takes it."""
    person = await proven(service, signing, request, body.name, body.passphrase)
    now = clock.now()
    async with service.database.transaction() as tx:
        await sign_in(tx, person, body.code, address_of(request), signing.key_ring, now)
        session, secret = await open_session(tx, str(person.staff_id), now)
    log.info("signed in", actor=session.actor, role=person.role.value, office=person.office)
    return view(signing, session, secret, Actor(session.actor, person.role, person.office))


@router.post("/renewals", status_code=201, dependencies=[Depends(anyone)])
async def renew(body: SessionBody, service: Serving, signing: Signs) -> SessionView:
    """Get a token for five minutes more; who may no longer act gets none."""
    async with service.database.transaction() as tx:
        session = await renew_session(tx, body.session, clock.now())
    return view(signing, session, body.session, service.directory.actor(session.actor))


@router.post("/endings", status_code=204, dependencies=[Depends(anyone)])
async def end(body: SessionBody, service: Serving) -> None:
    """Sign out on this device; tokens already given live their five minutes."""
    async with service.database.transaction() as tx:
        actor = await end_session(tx, body.session, clock.now())
    if actor:
        log.info("signed out", actor=actor)


def view(signing: Signing, session: Session, secret: str, actor: Actor) -> SessionView:
    """Show a session with a new token."""
    token, expires_at = tokens.issue(signing.key, actor.id, clock.now(), session.ends_at, session.device_id)
    return SessionView(
        token=token,
        expires_at=expires_at,
        session=secret,
        session_ends_at=session.ends_at,
        actor=actor.id,
        role=actor.role.value,
        office=actor.office,
        trader=actor.trader,
    )
