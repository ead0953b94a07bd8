"""Keys of a shop over HTTP: the owner makes, replaces and revokes them, auditors look; a secret is shown once."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends
from pydantic import ConfigDict, Field, TypeAdapter

from services.parcel.forms import Body, Serving, Text, View
from services.parcel.pages import LARGEST_PAGE, LINKED, Instant, Limit, Paged
from services.parcel.people.domain.api_key import ApiKey
from services.parcel.people.use_cases.find_keys import find_keys
from services.parcel.people.use_cases.find_owned_shop import find_owned_shop
from services.parcel.people.use_cases.make_key import make_key
from services.parcel.people.use_cases.revoke_key import revoke_key
from services.parcel.people.use_cases.rotate_key import rotate_key
from shared import clock
from shared.access.roles import Actor, Role
from shared.access.scopes import OF_LIVE_KEYS, OF_PRACTICE_KEYS, Scope
from shared.errors import FieldProblem, Invalid
from shared.web.access import actor_with

log = structlog.get_logger()
router = APIRouter(prefix="/traders/{trader_id}/keys", tags=["traders"])

Person = Annotated[Actor, Depends(actor_with(Role.TRADER))]
"""Somebody who acts for the shop: no key opens a route that names no scope."""
MemberOrAuditor = Annotated[Actor, Depends(actor_with(Role.TRADER, Role.AUDITOR))]
NEWEST = TypeAdapter(tuple[Instant, UUID])


class KeyBody(Body):
    """A key to make."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"label": "our web shop", "scopes": ["parcels:read"]}]})

    label: Text
    scopes: Annotated[list[Scope], Field(min_length=1)]
    practice: bool = False
    """For practice parcels alone."""

    def granted(self) -> tuple[Scope, ...]:
        """Return what the key is made for, each scope once.

        Raises: Invalid, with every scope that opens nothing to such a key.
        """
        opening = OF_PRACTICE_KEYS if self.practice else OF_LIVE_KEYS
        message = "This opens nothing to such a key; leave it out."
        useless = [number for number, scope in enumerate(self.scopes) if scope not in opening]
        if useless:
            raise Invalid([FieldProblem(f"scopes.{number}", "opens-nothing", message) for number in useless])
        return tuple(dict.fromkeys(self.scopes))


class RotateBody(Body):
    """How long the old key works beside the new one."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"old_lives_hours": 24}]})

    old_lives_hours: Annotated[int, Field(ge=0, le=24 * 7)] = 24


class KeyView(View):
    """A key as it is kept; its secret is not."""

    key_id: UUID
    label: str
    prefix: str
    scopes: list[str]
    practice: bool
    made_by: str
    """Id of the member who made or rotated it."""
    made_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class NewKeyView(KeyView):
    """A key with its secret, which is shown this once."""

    secret: str


@router.get("", responses=LINKED)
async def show_keys(
    trader_id: UUID, actor: MemberOrAuditor, service: Serving, page: Paged, limit: Limit = LARGEST_PAGE
) -> list[KeyView]:
    """List the keys of a shop, newest first."""
    async with service.database.connection() as connection:
        keys = await find_keys(connection, actor, trader_id, page.after(NEWEST), limit)
    return page.show(keys, KeyView.model_validate, NEWEST, lambda key: (key.made_at, key.key_id), limit)


@router.post("", status_code=201)
async def make_one(trader_id: UUID, body: KeyBody, actor: Person, service: Serving) -> NewKeyView:
    """Make a key; takes no Idempotency-Key, for a kept answer would keep the secret."""
    scopes = body.granted()
    async with service.database.transaction() as tx:
        await find_owned_shop(tx, actor, trader_id)
        key, secret = await make_key(
            tx, service.outbox, trader_id, body.label, scopes, actor.id, clock.now(), practice=body.practice
        )
    await service.directory.refresh(service.database)
    log.info("key made", trader=str(trader_id), key=str(key.key_id), practice=key.practice, actor=actor.id)
    return _with_secret(key, secret)


@router.post("/{key_id}/rotation", status_code=201)
async def rotate_one(trader_id: UUID, key_id: UUID, body: RotateBody, actor: Person, service: Serving) -> NewKeyView:
    """Replace a key; the old one works a while longer."""
    old_lives = timedelta(hours=body.old_lives_hours)
    async with service.database.transaction() as tx:
        await find_owned_shop(tx, actor, trader_id)
        key, secret = await rotate_key(tx, service.outbox, trader_id, key_id, actor.id, clock.now(), old_lives)
    await service.directory.refresh(service.database)
    log.info("key rotated", trader=str(trader_id), old=str(key_id), key=str(key.key_id), actor=actor.id)
    return _with_secret(key, secret)


@router.put("/{key_id}/revoked", status_code=204)
async def revoke_one(trader_id: UUID, key_id: UUID, actor: Person, service: Serving) -> None:
    """Revoke a key; every service refuses it within seconds."""
    async with service.database.transaction() as tx:
        await find_owned_shop(tx, actor, trader_id)
        await revoke_key(tx, service.outbox, trader_id, key_id, clock.now())
    await service.directory.refresh(service.database)
    log.info("key revoked", trader=str(trader_id), key=str(key_id), actor=actor.id)


def _with_secret(key: ApiKey, secret: str) -> NewKeyView:
    return NewKeyView(**KeyView.model_validate(key).model_dump(), secret=secret)
