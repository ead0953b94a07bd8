"""Somebody proves by a passphrase who they are, at the door or once more inside; each try counts first."""

from uuid import UUID

from fastapi import Request

from services.parcel.people.domain.staff import PersonNotFound, Staff
from services.parcel.people.entrypoints.signing import Signing
from services.parcel.people.store import staff
from services.parcel.people.use_cases.count_staff_try import count_staff_try
from services.parcel.people.use_cases.judge_passphrase import judge_passphrase
from shared import clock
from shared.access.roles import Actor
from shared.web.service import Service


def address_of(request: Request) -> str:
    """Return where a request came from."""
    return request.client.host if request.client else ""


async def proven(service: Service, signing: Signing, request: Request, name: str, passphrase: str) -> Staff:
    """Return the person of a name, whose passphrase fits; `sign_in` forgets the tries when their code fits as well.

    Raises: TooManySignIns, TooManyTries, SignInRefused.
    """
    signing.passphrases.must_have_room()
    async with service.database.transaction() as tx:
        await count_staff_try(tx, name, address_of(request), clock.now())
        known = await staff.by_name(tx, name)
    return await judge_passphrase(known, signing.passphrases, passphrase)


async def name_of(service: Service, actor: Actor) -> str:
    """Return the name that a member of staff signs in with.

    Raises: PersonNotFound.
    """
    async with service.database.connection() as connection:
        person = await staff.by_id(connection, UUID(actor.id))
    if person is None:
        raise PersonNotFound
    return person.name
