"""What counters' devices did without a line, over HTTP: they send it, and a supervisor looks at what became of it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path

from services.tracking.entrypoints.record_kinds import kinds_of
from shared.access.devices import Device
from shared.access.roles import Actor, Role
from shared.syncing.forms import EXAMPLE_DEVICE, RecordAnswerList, RecordList, RecordPage
from shared.web import records
from shared.web.access import actor_with
from shared.web.device import on_device
from shared.web.records import RecordCursor, RecordLimit
from shared.web.service import Service, service_of

router = APIRouter(prefix="/devices/{device_id}/records")

Running = Annotated[Service, Depends(service_of)]
DeviceId = Annotated[UUID, Path(examples=[EXAMPLE_DEVICE])]
Sending = Annotated[Device, Depends(on_device)]
Looking = Annotated[Actor, Depends(actor_with(Role.SUPERVISOR, Role.OFFICE_MANAGER, Role.AUDITOR, Role.ADMINISTRATOR))]


@router.post("")
async def submit_records(device_id: DeviceId, body: RecordList, device: Sending, service: Running) -> RecordAnswerList:  # noqa: ARG001 - the wall compares it
    """Take in up to 500 records of a device, in order; what came before is known and changes nothing."""
    return await records.take_in(service, device, body, kinds_of(service))


@router.get("")
async def show_records(
    device_id: DeviceId,
    actor: Looking,
    service: Running,
    cursor: RecordCursor | None = None,
    limit: RecordLimit = 50,
) -> RecordPage:
    """List what became of a device's records, what was set aside first."""
    async with service.database.connection() as tx:
        return await records.records_of(service, tx, actor, device_id, cursor, limit)
