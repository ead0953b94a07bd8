"""Staff over HTTP: who works where, who joins, and new passphrases."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Request, Response
from pydantic import ConfigDict, StringConstraints, TypeAdapter

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.addresses.entrypoints.phone_field import e164_of
from services.parcel.forms import AnyStaff, Body, IdempotencyKey, OfficeCode, Phone, Serving, Text, View
from services.parcel.idempotency.domain.keys import digest
from services.parcel.idempotency.use_cases.answer_once import answer_once
from services.parcel.pages import LARGEST_PAGE, LINKED, Limit, Paged, Word
from services.parcel.people.domain.passphrase import must_be_good
from services.parcel.people.domain.staff import Staff
from services.parcel.people.entrypoints.proving import address_of, name_of, proven
from services.parcel.people.entrypoints.sessions_http import Code, Signs
from services.parcel.people.entrypoints.signing import Signing
from services.parcel.people.use_cases.change_passphrase import change_passphrase
from services.parcel.people.use_cases.disable_staff import disable_staff
from services.parcel.people.use_cases.enable_staff import enable_staff
from services.parcel.people.use_cases.find_managed_staff import find_managed_staff
from services.parcel.people.use_cases.find_staff import find_staff
from services.parcel.people.use_cases.hire_staff import hire_staff
from services.parcel.people.use_cases.reset_staff import reset_staff
from services.parcel.people.use_cases.set_staff_phone import set_staff_phone
from services.parcel.people.use_cases.sign_in import sign_in
from shared import clock
from shared.access.roles import Actor, Role
from shared.ids import new_id
from shared.web.access import actor_with
from shared.web.service import Service

log = structlog.get_logger()
router = APIRouter(prefix="/staff", tags=["people"])

Manager = Annotated[Actor, Depends(actor_with(Role.OFFICE_MANAGER, Role.ADMINISTRATOR))]
Watcher = Annotated[Actor, Depends(actor_with(Role.OFFICE_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR))]
Passphrase = Annotated[str, StringConstraints(min_length=1, max_length=256)]
BY_NAME: TypeAdapter[str] = TypeAdapter(Word)


EXAMPLE = {"name": "sok dara", "role": "clerk", "office": "TK01A", "passphrase": "four words of mine"}


class StaffBody(Body):
    """A person who joins."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "sok dara", "role": "clerk", "office": "TK01A", "passphrase": "four words of mine"}]
        }
    )

    name: Annotated[Text, StringConstraints(max_length=64)]
    role: Role
    office: OfficeCode | None = None
    passphrase: Passphrase
    """Theirs to change at the first sign-in."""
    phone: Phone | None = None
    """Their own: with it they do not let themselves act for a shop."""


class StaffView(View):
    """A member of staff."""

    staff_id: UUID
    name: str
    role: Role
    office: str | None
    phone: str | None
    disabled_at: datetime | None


class NewPassphraseBody(Body):
    """A passphrase in place of another."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"old": "four words of hers", "new": "five other words of hers"}]}
    )

    old: Passphrase
    new: Passphrase
    code: Code | None = None
    """Of the second factor, where there is one."""


class ResetBody(Body):
    """A passphrase for one who forgot theirs; the second factor goes with it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"passphrase": "words to begin again with"}]})

    passphrase: Passphrase


class PhoneBody(Body):
    """The phone that is a person's own."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"phone": "012 999 000"}]})

    phone: Phone


class EnableBody(Body):
    """A passphrase for one who may act again; sessions and second factor of before are gone."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"passphrase": "words to begin again with"}]})

    passphrase: Passphrase


@router.get("", responses=LINKED)
async def show_staff(actor: Watcher, service: Serving, page: Paged, limit: Limit = LARGEST_PAGE) -> list[StaffView]:
    """List the staff of an office, of all for those who act for all, by name."""
    async with service.database.connection() as connection:
        people = await find_staff(connection, actor, page.after(BY_NAME), limit)
    return page.show(people, StaffView.model_validate, BY_NAME, lambda person: person.name, limit)


@router.post("", status_code=201, response_model=StaffView)
async def join(
    body: StaffBody, actor: Manager, idempotency_key: IdempotencyKey, service: Serving, signing: Signs
) -> Response:
    """Let a person work here."""
    must_be_good(body.passphrase, body.name)
    phone = e164_of(body.phone, DOMESTIC, "phone") if body.phone else None
    passphrase_hash = await signing.passphrases.hash(body.passphrase)
    # The answer is kept for a month under a fast hash of what was asked: the passphrase must not be in it, nor a phone
    # that was not given, so that a request of the release before stays the same one.
    left_out = {"passphrase"} | ({"phone"} if body.phone is None else set())
    asked = digest(body.model_dump_json(exclude=left_out).encode())

    async def make() -> bytes:
        person = Staff(new_id(), body.name, passphrase_hash, body.role, body.office, phone=phone)
        await hire_staff(tx, service.outbox, actor, person, service.directory.offices)
        log.info("staff added", added=str(person.staff_id), role=person.role.value, actor=actor.id)
        return StaffView.model_validate(person).model_dump_json().encode()

    async with service.database.transaction() as tx:
        answer = await answer_once(tx, actor.id, idempotency_key, asked, make)
    await service.directory.refresh(service.database)
    return Response(answer, 201, media_type="application/json")


@router.put("/me/passphrase", status_code=204)
async def change(body: NewPassphraseBody, actor: AnyStaff, request: Request, service: Serving, signing: Signs) -> None:
    """Change your own passphrase; sign in again with it. Tries count like those to sign in."""
    person = await proven(service, signing, request, await name_of(service, actor), body.old)
    must_be_good(body.new, person.name, actor.id)
    passphrase_hash = await signing.passphrases.hash(body.new)
    async with service.database.transaction() as tx:
        await sign_in(tx, person, body.code, address_of(request), signing.key_ring, clock.now())
        await change_passphrase(tx, person.staff_id, passphrase_hash, clock.now())
    log.info("passphrase changed", actor=actor.id)


@router.put("/{staff_id}/disabled", status_code=204)
async def disable(staff_id: UUID, actor: Manager, service: Serving) -> None:
    """Disable a person; every service refuses their tokens within seconds."""
    async with service.database.transaction() as tx:
        await disable_staff(tx, service.outbox, actor, staff_id, clock.now())
    await service.directory.refresh(service.database)
    log.info("staff disabled", disabled=str(staff_id), actor=actor.id)


@router.put("/{staff_id}/phone", status_code=204)
async def note_phone(staff_id: UUID, body: PhoneBody, actor: Manager, service: Serving) -> None:
    """Note the phone that is a person's own, with which they do not let themselves act for a shop."""
    phone = e164_of(body.phone, DOMESTIC, "phone")
    async with service.database.transaction() as tx:
        await set_staff_phone(tx, actor, staff_id, phone)
    log.info("staff phone noted", of=str(staff_id), actor=actor.id)


@router.put("/{staff_id}/enabled", status_code=204)
async def enable(staff_id: UUID, body: EnableBody, actor: Manager, service: Serving, signing: Signs) -> None:
    """Let a person act again who was disabled, with another passphrase, theirs to change at the first sign-in."""
    passphrase_hash = await _hash_for(service, signing, actor, staff_id, body.passphrase)
    async with service.database.transaction() as tx:
        await enable_staff(tx, service.outbox, actor, staff_id, passphrase_hash, clock.now())
    await service.directory.refresh(service.database)
    log.info("staff enabled", enabled=str(staff_id), actor=actor.id)


@router.put("/{staff_id}/passphrase", status_code=204)
async def reset(staff_id: UUID, body: ResetBody, actor: Manager, service: Serving, signing: Signs) -> None:
    """Give a person another passphrase, theirs to change at the first sign-in; their sessions end."""
    passphrase_hash = await _hash_for(service, signing, actor, staff_id, body.passphrase)
    async with service.database.transaction() as tx:
        await reset_staff(tx, actor, staff_id, passphrase_hash, clock.now())
    log.info("passphrase reset", of=str(staff_id), actor=actor.id)


async def _hash_for(service: Service, signing: Signing, actor: Actor, staff_id: UUID, passphrase: str) -> str:
    """Return the hash of a passphrase that a manager gives somebody.

    Raises: PersonNotFound, RoleNotYours, Invalid, TooManySignIns.
    """
    async with service.database.connection() as connection:
        person = await find_managed_staff(connection, actor, staff_id)
    must_be_good(passphrase, person.name, str(staff_id))
    return await signing.passphrases.hash(passphrase)
