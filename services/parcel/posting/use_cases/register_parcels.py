"""A counter registers a parcel: the hot path, one statement for one parcel or for many that wait together."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from services.parcel.idempotency.domain.keys import KeyInFlight
from services.parcel.idempotency.use_cases.answer_once import earlier_answer
from services.parcel.posting.domain.parcel import Parcel
from services.parcel.posting.domain.postage import Postage
from services.parcel.posting.domain.registration import RegisterParcel
from services.parcel.posting.store import registrations
from services.parcel.posting.store.registrations import Registration
from shared import trace
from shared.db.connection import Tx
from shared.errors import PostError
from shared.messaging.outbox import Outbox
from shared.s10 import ItemNumber

log = structlog.get_logger()

LINK_SECRET_BYTES = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """A checked request with its price, who sent it under which key, and the number set aside for it."""

    caller: str
    key: str
    command: RegisterParcel
    postage: Postage
    body_sha256: bytes
    item_number: ItemNumber
    registered_by: str
    traceparent: str
    """The trace of the request, which the parcel's events go on with."""
    registered_at: datetime | None = None
    """When it was, of what a counter did without a line; else it is now."""


Answer = Callable[[Parcel], bytes]
"""Writes the answer that the caller gets, now and each time the request is repeated."""


async def register_parcels(
    tx: Tx, outbox: Outbox, asked: Sequence[Asked], answer: Answer, now: datetime
) -> list[bytes | PostError]:
    """Register parcels in one statement; returns the answer to each, in order.

    The named exception to "a use case never commits": on a connection without a transaction the statement
    commits by itself, which is what makes this path fast.
    """
    wanted = [_registration(outbox, one, answer, now) for one in asked]
    registered = await registrations.insert(tx, wanted)
    outbox.tell(sum(len(one.events) for one in wanted))
    _note([one for one in wanted if one.parcel.item_number in registered])
    return [
        one.answer
        if one.parcel.item_number in registered
        else await earlier_answer(tx, one.caller, one.key, one.body_sha256) or KeyInFlight()
        for one in wanted
    ]


def _note(registered: Sequence[Registration]) -> None:
    """Write one line for all that shared a statement: a line each would cost as much as the parcel's events."""
    traces = {one.parcel.item_number: trace.trace_id(one.events[0].traceparent) for one in registered}
    log.info("parcels registered", trace_ids=traces)


def _registration(outbox: Outbox, asked: Asked, answer: Answer, now: datetime) -> Registration:
    link_secret = secrets.token_urlsafe(LINK_SECRET_BYTES)
    number = str(asked.item_number)
    registered_at = asked.registered_at or now
    parcel = asked.command.parcel(number, link_secret, asked.postage, asked.registered_by, registered_at)
    with trace.within(asked.traceparent):
        events = [outbox.row(parcel.registered()), outbox.row(parcel.contacts())]
    return Registration(asked.caller, asked.key, asked.body_sha256, answer(parcel), parcel, events)
