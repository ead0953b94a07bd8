"""Item numbers over HTTP: what is left, and blocks that an office reserves ahead."""

from typing import Annotated, Self

import structlog
from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from services.parcel.forms import AnyStaff, Body, CounterStaff, IdempotencyKey, OfficeCode, Serving
from services.parcel.idempotency.domain.keys import digest
from services.parcel.idempotency.use_cases.answer_once import answer_once
from services.parcel.numbers.entrypoints.ahead import Bounds
from services.parcel.numbers.store import numbers
from services.parcel.numbers.use_cases.reserve_ahead import reserve_ahead
from shared import clock
from shared.errors import FieldProblem, Invalid

log = structlog.get_logger()
router = APIRouter(tags=["numbers"])


class RangeView(BaseModel):
    """What the post granted for an indicator."""

    indicator: str
    first_serial: int
    last_serial: int
    left: int
    provisional: bool

    @classmethod
    def of(cls, one: numbers.Range) -> Self:
        """Return the view of a range."""
        return cls(
            indicator=one.indicator,
            first_serial=one.first_serial,
            last_serial=one.last_serial,
            left=one.left,
            provisional=one.provisional,
        )


class BlockView(BaseModel):
    """Serials that one office owns."""

    indicator: str
    office: str
    first_serial: int
    last_serial: int
    left: int


class NumbersView(BaseModel):
    """Ranges, and the open blocks of the offices that the actor may see."""

    ranges: list[RangeView]
    blocks: list[BlockView]


class ReserveBody(Body):
    """A block to reserve."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"office": "TK01A", "indicator": "PD", "size": 100}]})

    office: OfficeCode
    indicator: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    size: Annotated[int, Field(ge=1, le=10_000)] = 1_000


@router.get("/numbers")
async def show_numbers(actor: AnyStaff, service: Serving) -> NumbersView:
    """Show how many item numbers are left."""
    async with service.database.connection() as connection:
        ranges = await numbers.ranges(connection)
        blocks = await numbers.blocks_of(connection, actor.office)
    return NumbersView(
        ranges=[RangeView.of(one) for one in ranges],
        blocks=[_block_view(block) for block in blocks if actor.acts_for(block.office)],
    )


@router.post("/number-blocks", status_code=201, response_model=BlockView)
async def reserve(
    body: ReserveBody, actor: CounterStaff, idempotency_key: IdempotencyKey, service: Serving, bounds: Bounds
) -> Response:
    """Reserve a block of item numbers for an office, ahead of need; registrations get them one after another."""
    actor.must_act_for(body.office)
    if body.office not in service.directory.offices:
        raise Invalid([FieldProblem("office", "unknown-office", "There is no office of this code.")])
    asked = digest(body.model_dump_json(exclude_defaults=True).encode())

    async def make() -> bytes:
        block = await reserve_ahead(tx, body.office, body.indicator, body.size, bounds.numbers, clock.now())
        log.info("numbers reserved", office=body.office, indicator=body.indicator, size=body.size)
        return _block_view(block).model_dump_json().encode()

    async with service.database.transaction() as tx:
        answer = await answer_once(tx, actor.id, idempotency_key, asked, make)
    return Response(answer, 201, media_type="application/json")


def _block_view(block: numbers.Block) -> BlockView:
    return BlockView(
        indicator=block.indicator,
        office=block.office,
        first_serial=block.first_serial,
        last_serial=block.last_serial,
        left=block.left,
    )
