"""Blocks of item numbers over HTTP: a device leases the next one when it has used half a block."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Response

from services.parcel.devices.entrypoints.bodies import BlockBody, LeasedBlockView
from services.parcel.forms import IdempotencyKey, Serving
from services.parcel.idempotency.domain.keys import digest
from services.parcel.idempotency.use_cases.answer_once import answer_once
from services.parcel.numbers.use_cases.lease_block import lease_block
from services.parcel.posting.use_cases.count_registered import count_registered
from shared import clock
from shared.access.devices import Device
from shared.web.device import on_device

log = structlog.get_logger()
router = APIRouter(prefix="/devices", tags=["devices"])


@router.post("/{device_id}/number-blocks", status_code=201, response_model=LeasedBlockView)
async def lease_one(
    device_id: UUID,
    body: BlockBody,
    device: Annotated[Device, Depends(on_device)],
    idempotency_key: IdempotencyKey,
    service: Serving,
) -> Response:
    """Lease a block that this device alone gives out, with a line or without; the same key gets the same block."""
    asked = digest(f"lease {body.model_dump_json()}".encode())

    async def make() -> bytes:
        block = await lease_block(
            tx, device_id, device.office, body.indicator, body.unused, count_registered, clock.now()
        )
        log.info("numbers leased", device_id=str(device_id), indicator=body.indicator, first_serial=block.first_serial)
        return LeasedBlockView.model_validate(block).model_dump_json().encode()

    async with service.database.transaction() as tx:
        answer = await answer_once(tx, f"device {device_id}", idempotency_key, asked, make)
    return Response(answer, 201, media_type="application/json")
