"""Registering over HTTP: the hot path of the counters."""

from fastapi import APIRouter, Request, Response

from services.parcel.forms import CounterStaff, IdempotencyKey
from services.parcel.idempotency.domain.keys import digest
from services.parcel.idempotency.use_cases.answer_once import earlier_answer
from services.parcel.numbers.entrypoints.item_numbers import item_numbers_of
from services.parcel.numbers.use_cases.must_be_sticker import must_be_sticker
from services.parcel.numbers.use_cases.reserve_numbers import NumbersExhausted
from services.parcel.posting.domain.postal_services import NoIndicatorsInForce, indicator_for
from services.parcel.posting.entrypoints.bodies import ParcelView, RegisterBody
from services.parcel.posting.entrypoints.registrar import registrar_of
from services.parcel.posting.use_cases.register_parcels import Asked
from services.parcel.pricing.domain.limits import NoLimitsInForce
from services.parcel.pricing.domain.tariff import NoTariffInForce
from services.parcel.pricing.entrypoints.known_rates import known_rates_of
from shared import clock, trace
from shared.access.roles import Actor
from shared.errors import FieldProblem, Invalid, PostError
from shared.failpoints import Place, reached
from shared.s10 import ItemNumber
from shared.web.lean_route import LeanRoute
from shared.web.service import Service, service_of

router = APIRouter(prefix="/parcels", tags=["parcels"], route_class=LeanRoute)


@router.post("", status_code=201, response_model=ParcelView)
async def register(
    body: RegisterBody,
    actor: CounterStaff,
    idempotency_key: IdempotencyKey,
    request: Request,
) -> Response:
    """Register a parcel; the same key and body again give the same answer and no second parcel."""
    service = await service_of(request)
    office = body.office or actor.office
    if office is None:
        raise Invalid([FieldProblem("office", "missing", "Name the office of posting.")])
    actor.must_act_for(office)
    command = body.command(office)
    body_sha256 = digest(body.model_dump_json(exclude_defaults=True).encode())
    today = clock.now().astimezone(clock.LOCAL).date()
    rate = (await known_rates_of(request)).on(today)
    try:
        postage = command.postage(service.directory.offices, service.directory.trading(), rate, today)
        indicator = indicator_for(command.service, command.destination_country, command.options, today)
        item_number = await _number(request, service, office, indicator, body.item_number)
    except (Invalid, NoTariffInForce, NoLimitsInForce, NoIndicatorsInForce, NumbersExhausted) as refusal:
        # What was promised once stays promised, though an office closed, a tariff or the numbers ran out since.
        return await _answered_before(service, actor, idempotency_key, body_sha256, refusal)
    asked = Asked(actor.id, idempotency_key, command, postage, body_sha256, item_number, actor.id, trace.traceparent())
    answer = await (await registrar_of(request)).register(asked)
    reached(Place.REGISTRATION_ANSWERING)
    return Response(answer, 201, media_type="application/json")


async def _number(request: Request, service: Service, office: str, indicator: str, sticker: str | None) -> ItemNumber:
    """Return the number of the sticker that is on the parcel, or the next one of the office."""
    if sticker is None:
        return await (await item_numbers_of(request)).take(office, indicator)
    number = ItemNumber.parse(sticker)
    async with service.database.connection() as connection:
        await must_be_sticker(connection, office, indicator, number)
    return number


async def _answered_before(
    service: Service, actor: Actor, key: str, body_sha256: bytes, refusal: PostError
) -> Response:
    """Repeat the answer that was given under this key, or refuse."""
    async with service.database.connection() as connection:
        answer = await earlier_answer(connection, actor.id, key, body_sha256)
    if not isinstance(answer, bytes):
        raise answer or refusal
    return Response(answer, 201, media_type="application/json")
