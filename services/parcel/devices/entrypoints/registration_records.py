"""Records of kind `registration`: what a counter registered without a line, with a number and a price of its own."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Annotated
from uuid import UUID

from pydantic import Field, ValidationError

from services.parcel.devices.domain.passes import WORKING
from services.parcel.devices.use_cases.register_noted import Noted, register_noted
from services.parcel.forms import Text
from services.parcel.idempotency.domain.keys import digest
from services.parcel.posting.domain.postage import Postage
from services.parcel.posting.entrypoints.bodies import RegisterBody
from services.parcel.posting.entrypoints.registrar import answer_of
from shared.clock import now
from shared.db.connection import Tx
from shared.errors import FieldProblem, Invalid, PostError
from shared.s10 import ItemNumber
from shared.syncing.apply_records import problem_of
from shared.syncing.kinds import Applied, Kind, Outcome, Ready
from shared.syncing.record import Problem
from shared.web.problems import field_problems
from shared.web.service import Service

OF_THE_RECORD = ("office",)
"""What a registration has from the record that carries it, so that its body cannot say otherwise."""
BUNDLE_MISSING = Problem("bundle-missing", "The record names no bundle that its price could be proven by.")


class NotedBody(RegisterBody):
    """A parcel as a counter registered it without a line."""

    item_number: Text
    """Of a block that the device leased."""
    total_riel: Annotated[int, Field(ge=0)]
    """What it costs by the bundle that the record names."""


def kind_of(service: Service) -> Kind:
    """Return what is done with registrations."""

    async def register(tx: Tx, ready: Sequence[Ready]) -> Sequence[Outcome]:
        # Hundreds of phones and addresses take a while in which other requests must be answered.
        read = await asyncio.to_thread(lambda: [_read(one) for one in ready])
        noted = [one for one in read if isinstance(one, Noted)]
        costs = await register_noted(
            tx, service.outbox, ready[0].device.device_id, noted, service.directory.trading(), answer_of, now()
        )
        return list(_outcomes(read, noted, costs))

    return Kind(WORKING, register)


def _read(ready: Ready) -> Noted | Problem:
    record = ready.record
    if taken := [name for name in OF_THE_RECORD if name in record.body]:
        return _refused([FieldProblem(name, "of-the-record", "The record itself says this.") for name in taken])
    if (bundle_id := _uuid(record.bundle_id)) is None:
        return BUNDLE_MISSING
    try:
        body = NotedBody.model_validate(record.body)
        number = ItemNumber.parse(body.item_number)
        command = body.command(ready.device.office)
    except ValidationError as refused:
        located = [{**error, "loc": ("body", *error["loc"])} for error in refused.errors(include_input=False)]
        return _refused(field_problems(located))
    except PostError as refused:
        return _problem(refused)
    return Noted(
        record_id=record.record_id,
        bundle_id=bundle_id,
        command=command,
        item_number=number,
        total_riel=body.total_riel,
        registered_by=record.staff,
        registered_at=record.occurred_at,
        body_sha256=digest(body.model_dump_json(exclude_defaults=True).encode()),
    )


def _outcomes(
    read: Sequence[Noted | Problem], noted: Sequence[Noted], costs: Sequence[Postage | PostError]
) -> Iterator[Outcome]:
    of_noted = iter(map(_outcome, noted, costs))
    for one in read:
        yield next(of_noted) if isinstance(one, Noted) else one


def _outcome(noted: Noted, cost: Postage | PostError) -> Outcome:
    if isinstance(cost, PostError):
        return _problem(cost)
    # Nobody is named: this stays when the people on the parcel are forgotten.
    return Applied(
        {
            "item_number": str(noted.item_number),
            "registered_at": noted.registered_at.isoformat(),
            "total_riel": cost.price.total_riel,
        }
    )


def _problem(refusal: PostError) -> Problem:
    return _refused(refusal.problems) if isinstance(refusal, Invalid) else problem_of(refusal)


def _refused(problems: Sequence[FieldProblem]) -> Problem:
    return Problem("registration-refused", "The parcel cannot be registered as it is.", tuple(problems))


def _uuid(written: str | None) -> UUID | None:
    try:
        return UUID(written) if written else None
    except ValueError:
        return None
