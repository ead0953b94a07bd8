"""Ranges of stickers over HTTP: numbers that an office prints before there are parcels for them."""

from typing import Annotated

import structlog
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.forms import Body, CounterStaff, IdempotencyKey, OfficeCode, Serving
from services.parcel.idempotency.domain.keys import digest
from services.parcel.idempotency.use_cases.answer_once import answer_once
from services.parcel.numbers.entrypoints.ahead import Bounds, Counting
from services.parcel.numbers.store.numbers import Block
from services.parcel.numbers.use_cases.reserve_stickers import reserve_stickers
from shared import clock
from shared.errors import FieldProblem, Invalid
from shared.s10 import ItemNumber

log = structlog.get_logger()
router = APIRouter(prefix="/sticker-ranges", tags=["numbers"])

MOST_STICKERS = 120
"""Five sheets, drawn in a second or two."""


class StickersBody(Body):
    """Stickers to print."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"office": "TK01A", "indicator": "PD", "count": 24}]})

    office: OfficeCode
    indicator: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    count: Annotated[int, Field(ge=1, le=MOST_STICKERS)] = 24


class StickersView(BaseModel):
    """Numbers of one office's stickers; the first one names the range."""

    office: str
    first_number: str
    last_number: str
    count: int


@router.post("", status_code=201, response_model=StickersView)
async def reserve(
    body: StickersBody,
    actor: CounterStaff,
    idempotency_key: IdempotencyKey,
    service: Serving,
    bounds: Bounds,
    counting: Counting,
) -> Response:
    """Reserve numbers for stickers; a registration that names one of them gets it, and no other does."""
    actor.must_act_for(body.office)
    if body.office not in service.directory.offices:
        raise Invalid([FieldProblem("office", "unknown-office", "There is no office of this code.")])
    # Unlike the digests of older routes this one names its own: a block may be asked for with the same fields.
    asked = digest(f"stickers {body.model_dump_json(exclude_defaults=True)}".encode())

    async def make() -> bytes:
        most = bounds.stickers
        block = await reserve_stickers(tx, body.office, body.indicator, body.count, most, counting, clock.now())
        log.info("stickers reserved", office=body.office, indicator=body.indicator, count=body.count)
        return _view(block).model_dump_json().encode()

    async with service.database.transaction() as tx:
        answer = await answer_once(tx, actor.id, idempotency_key, asked, make)
    return Response(answer, 201, media_type="application/json")


def _view(block: Block) -> StickersView:
    first, last = (ItemNumber(block.indicator, serial, DOMESTIC) for serial in (block.first_serial, block.last_serial))
    count = block.last_serial + 1 - block.first_serial
    return StickersView(office=block.office, first_number=str(first), last_number=str(last), count=count)
