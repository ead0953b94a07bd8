"""What counters' devices did without a line, over HTTP: they send it, and a supervisor looks at what became of it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path

from services.parcel.devices.entrypoints.record_kinds import kinds_of
from services.parcel.forms import Serving
from services.parcel.people.use_cases.note_read import note_read
from shared.access.devices import Device
from shared.access.roles import Actor, Role
from shared.syncing.forms import EXAMPLE_DEVICE, RecordAnswerList, RecordList, RecordPage
from shared.web import records
from shared.web.access import actor_with
from shared.web.device import on_device
from shared.web.records import RecordCursor, RecordLimit

router = APIRouter(prefix="/devices/{device_id}/records", tags=["devices"])

DeviceId = Annotated[UUID, Path(examples=[EXAMPLE_DEVICE])]
Sending = Annotated[Device, Depends(on_device)]
Looking = Annotated[Actor, Depends(actor_with(Role.SUPERVISOR, Role.OFFICE_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR))]


@router.post("")
async def submit_records(device_id: DeviceId, body: RecordList, device: Sending, service: Serving) -> RecordAnswerList:  # noqa: ARG001 - the wall compares it
    """Take in up to 500 records of a device, in order; what came before is known and changes nothing."""
    return await records.take_in(service, device, body, kinds_of(service))


@router.get("")
async def show_records(
    device_id: DeviceId,
    actor: Looking,
    service: Serving,
    cursor: RecordCursor | None = None,
    limit: RecordLimit = 50,
) -> RecordPage:
    """List what became of a device's records, what was set aside first; that it was looked at is noted."""
    async with service.database.transaction() as tx:
        page = await records.records_of(service, tx, actor, device_id, cursor, limit)
        await note_read(tx, actor, "device records", subjects=[device_id])
    return page
