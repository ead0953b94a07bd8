"""Registering over HTTP: the hot path of the counters."""

from typing import Annotated

from fastapi import APIRouter, Depends, Header, Request, Response

from services.parcel.domain.postal_services import indicator_for
from services.parcel.entrypoints.bodies import ParcelView, RegisterBody
from services.parcel.entrypoints.running import running_of
from services.parcel.use_cases.register_parcels import Asked, digest, earlier_answer
from services.parcel.use_cases.reserve_numbers import NumbersExhausted
from shared import trace
from shared.access.roles import COUNTER, Actor, Role
from shared.errors import FieldProblem, Invalid, PostError
from shared.failpoints import Place, reached
from shared.web.access import actor_with
from shared.web.lean_route import LeanRoute
from shared.web.service import Service, service_of

router = APIRouter(prefix="/parcels", tags=["parcels"], route_class=LeanRoute)

CounterStaff = Annotated[Actor, Depends(actor_with(*COUNTER, Role.ADMINISTRATOR))]
IdempotencyKey = Annotated[str, Header(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$")]


@router.post("", status_code=201, response_model=ParcelView)
async def register(
    body: RegisterBody,
    actor: CounterStaff,
    idempotency_key: IdempotencyKey,
    request: Request,
) -> Response:
    """Register a parcel; the same key and body again give the same answer and no second parcel."""
    service, running = await service_of(request), await running_of(request)
    office = body.office or actor.office
    if office is None:
        raise Invalid([FieldProblem("office", "missing", "Name the office of posting.")])
    actor.must_act_for(office)
    command = body.command(office)
    body_sha256 = digest(body.model_dump_json(exclude_defaults=True).encode())
    try:
        command.must_be_acceptable(service.directory.offices)
        indicator = indicator_for(command.service, command.destination_country)
        item_number = await running.item_numbers.take(office, indicator)
    except (Invalid, NumbersExhausted) as refusal:
        # What was promised once stays promised, though an office closed or the numbers ran out since.
        return await _answered_before(service, actor, idempotency_key, body_sha256, refusal)
    asked = Asked(actor.id, idempotency_key, command, body_sha256, item_number, actor.id, trace.traceparent())
    answer = await running.registrar.register(asked)
    reached(Place.REGISTRATION_ANSWERING)
    return Response(answer, 201, media_type="application/json")


async def _answered_before(
    service: Service, actor: Actor, key: str, body_sha256: bytes, refusal: PostError
) -> Response:
    """Repeat the answer that was given under this key, or refuse."""
    async with service.database.connection() as connection:
        answer = await earlier_answer(connection, actor.id, key, body_sha256)
    if not isinstance(answer, bytes):
        raise answer or refusal
    return Response(answer, 201, media_type="application/json")
