"""A command of this room that is asked for under a key: done once, answered with the same bytes each time."""

from collections.abc import Awaitable, Callable

from fastapi import Response
from pydantic import BaseModel

from services.parcel.idempotency.domain.keys import digest
from services.parcel.idempotency.use_cases.answer_once import answer_once
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.errors import FieldProblem, Invalid
from shared.web.service import Service


async def done_once(
    service: Service, actor: Actor, key: str, about: str, body: BaseModel, do: Callable[[Tx], Awaitable[BaseModel]]
) -> Response:
    """Do something in a transaction of its own, or give the answer that was given before; `about` is what it is for."""

    async def make() -> bytes:
        return (await do(tx)).model_dump_json().encode()

    async with service.database.transaction() as tx:
        answer = await answer_once(tx, actor.id, key, digest(about.encode() + body.model_dump_json().encode()), make)
    return Response(answer, 201, media_type="application/json")


def must_be_office(service: Service, office: str, field: str = "office") -> None:
    """Check that there is an office of a code.

    Raises: Invalid.
    """
    if office not in service.directory.offices:
        raise Invalid([FieldProblem(field, "unknown-office", "There is no office of this code.")])
