"""What every service that takes records does with the requests of devices and of those who supervise them."""

import asyncio
from collections import Counter
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import Query

from shared.access.devices import Device, DeviceNotFound, DeviceUnknown
from shared.access.roles import Actor
from shared.clock import now
from shared.db.connection import Tx
from shared.syncing import store
from shared.syncing.forms import ANY_PLACE, RecordAnswerList, RecordList, RecordPage, answer_view, page_view, place_of
from shared.syncing.kinds import Kinds
from shared.syncing.record import read_all
from shared.syncing.sync_records import Sending, Synced, sync_records
from shared.web.service import Service

log = structlog.get_logger()

LARGEST_PAGE = 500
RecordCursor = Annotated[str, Query(pattern=r"^[01]-[0-9]{1,19}$")]
RecordLimit = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]


async def take_in(service: Service, device: Device, body: RecordList, kinds: Kinds) -> RecordAnswerList:
    """Take in what a device sent; one transaction, so that an interruption leaves nothing half done."""
    received_at = now()
    # Hundreds of signatures take a while in which other requests must be answered.
    records = await asyncio.to_thread(read_all, device, body.records)
    passes = await asyncio.to_thread(body.proven_passes, service.directory.signing_keys)
    sending = Sending(device, body.sent_at, received_at, records, passes)
    async with service.database.transaction() as tx:
        synced = await sync_records(tx, sending, kinds, service.directory.is_disabled)
    _log(sending, synced)
    views = [answer_view(one) for one in synced.answers]
    return RecordAnswerList(received_at=received_at, next_sequence=synced.next_sequence, records=views)


async def records_of(
    service: Service, tx: Tx, actor: Actor, device_id: UUID, cursor: str | None, limit: int
) -> RecordPage:
    """List what became of a device's records, what was set aside first.

    Raises: DeviceNotFound, alike for a device that is none and for one of another office.
    """
    try:
        office = service.directory.device(device_id).office
    except DeviceUnknown:
        raise DeviceNotFound from None
    if not actor.acts_for(office):
        raise DeviceNotFound
    return page_view(await store.page(tx, device_id, place_of(cursor or ANY_PLACE), limit), limit)


def _log(sending: Sending, synced: Synced) -> None:
    counts: dict[str, Any] = Counter(one.became.value for one in synced.answers)
    ahead_s = round(sending.clock_ahead.total_seconds(), 3)
    log.info(
        "records synced",
        device_id=str(sending.device.device_id),
        # A log tells of no negative time: such a one is always a fault.
        clock_off_s=abs(ahead_s),
        clock_is_ahead=ahead_s > 0,
        **counts,
    )
