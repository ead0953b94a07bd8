"""Enrolment over HTTP: a device sends the public half of the key that it made, with the code that it was added with."""

from uuid import UUID

import structlog
from fastapi import APIRouter, Depends

from services.parcel.devices.domain.device import key_to_enrol
from services.parcel.devices.entrypoints.bodies import DeviceKeyBody, EnrolledView, SigningKeyView
from services.parcel.devices.use_cases.count_enrolment_try import count_enrolment_try
from services.parcel.devices.use_cases.enrol_device import enrol_device
from services.parcel.forms import Serving
from services.parcel.people.entrypoints.sessions_http import Signs
from shared import clock
from shared.access.devices import write_device_key
from shared.web.access import anyone

log = structlog.get_logger()
router = APIRouter(prefix="/devices", tags=["devices"])


@router.post("/{device_id}/key", status_code=201, dependencies=[Depends(anyone)])
async def send_key(device_id: UUID, body: DeviceKeyBody, service: Serving, signing: Signs) -> EnrolledView:
    """Enrol a device, once; the same again within the hour of its code is answered alike."""
    public_key = key_to_enrol(body.public_key)
    async with service.database.transaction() as tx:
        await count_enrolment_try(tx, device_id)
    async with service.database.transaction() as tx:
        device = await enrol_device(tx, service.outbox, device_id, body.code, public_key, signing.key_ring, clock.now())
    await service.directory.refresh(service.database)
    log.info("device enrolled", device_id=str(device_id), office=device.office)
    assert device.enrolled_at is not None
    keys = service.directory.signing_keys
    return EnrolledView(
        device_id=device_id,
        office=device.office,
        enrolled_at=device.enrolled_at,
        signing_keys=[SigningKeyView(key_id=name, public_key=write_device_key(keys[name])) for name in sorted(keys)],
    )
