"""What a counter's device registered without a line becomes the parcels that it would have become with one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.parcel.devices.use_cases.prove_postage import Opened, prove_postage
from services.parcel.numbers.use_cases.must_be_of_device import must_be_of_device
from services.parcel.posting.domain.postage import Postage
from services.parcel.posting.domain.postal_services import indicator_for
from services.parcel.posting.domain.registration import RegisterParcel
from services.parcel.posting.use_cases.find_taken_numbers import find_taken_numbers
from services.parcel.posting.use_cases.register_parcels import Answer, Asked, register_parcels
from shared import trace
from shared.clock import LOCAL
from shared.db.connection import Tx
from shared.errors import FieldProblem, Invalid, PostError, gathering
from shared.messaging.outbox import Outbox
from shared.s10 import ItemNumber


@dataclass(frozen=True, slots=True)
class Noted:
    """A registration as a device wrote it down."""

    record_id: UUID
    bundle_id: UUID
    command: RegisterParcel
    item_number: ItemNumber
    total_riel: int
    """What the device reckoned, and its clerk asked for."""
    registered_by: str
    registered_at: datetime
    """By the device's clock, less its drift."""
    body_sha256: bytes


async def register_noted(
    tx: Tx,
    outbox: Outbox,
    device_id: UUID,
    noted: Sequence[Noted],
    traders: Collection[str],
    answer: Answer,
    now: datetime,
) -> list[Postage | PostError]:
    """Register parcels of one device in one statement; returns what each cost, or why it is none, in order.

    The caller holds the device: nobody else gives its numbers meanwhile.
    """
    taken = await find_taken_numbers(tx, [str(one.item_number) for one in noted])
    opened: dict[UUID, Opened] = {}
    outcomes: list[Postage | PostError] = []
    asked = []
    for one in noted:
        try:
            postage = await _proven(tx, device_id, one, traders, taken, opened)
        except PostError as refusal:
            outcomes.append(refusal)
            continue
        taken.add(str(one.item_number))
        asked.append(_asked(device_id, one, postage))
        outcomes.append(postage)
    registered = iter(await register_parcels(tx, outbox, asked, answer, now) if asked else ())
    return [_or_refusal(one, next(registered)) if isinstance(one, Postage) else one for one in outcomes]


async def _proven(
    tx: Tx, device_id: UUID, one: Noted, traders: Collection[str], taken: set[str], opened: dict[UUID, Opened]
) -> Postage:
    with gathering() as part:
        with part():
            _must_have_letters(one)
        with part():
            await must_be_of_device(tx, device_id, one.item_number)
        with part():
            if str(one.item_number) in taken:
                raise Invalid([FieldProblem("item_number", "number-used", "This number is another parcel's.")])
        with part():
            postage = await prove_postage(tx, one.bundle_id, one.command, traders, one.registered_at, opened)
            _must_be_the_price(one, postage)
    return postage


def _must_have_letters(one: Noted) -> None:
    day, command = one.registered_at.astimezone(LOCAL).date(), one.command
    indicator = indicator_for(command.service, command.destination_country, command.options, day)
    if one.item_number.indicator != indicator:
        message = f"The number of this service begins with {indicator}."
        raise Invalid([FieldProblem("item_number", "other-indicator", message)])


def _must_be_the_price(one: Noted, postage: Postage) -> None:
    if postage.price.total_riel != one.total_riel:
        message = f"By the bundle that the record names it costs {postage.price.total_riel} riel."
        raise Invalid([FieldProblem("total_riel", "price-differs", message)])


def _asked(device_id: UUID, one: Noted, postage: Postage) -> Asked:
    return Asked(
        caller=f"device {device_id}",
        key=str(one.record_id),
        command=one.command,
        postage=postage,
        body_sha256=one.body_sha256,
        item_number=one.item_number,
        registered_by=one.registered_by,
        traceparent=trace.traceparent(),
        registered_at=one.registered_at,
    )


def _or_refusal(postage: Postage, answered: bytes | PostError) -> Postage | PostError:
    return answered if isinstance(answered, PostError) else postage
