"""Devices over HTTP, for those who run an office: they add, look at and revoke them; a code is shown once."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends
from pydantic import TypeAdapter

from services.parcel.devices.entrypoints.bodies import (
    DeviceBody,
    DeviceFoundView,
    DeviceView,
    LeasedBlockView,
    NewDeviceView,
    PassView,
    RevocationBody,
    RevokedView,
    device_view,
)
from services.parcel.devices.use_cases.add_device import add_device
from services.parcel.devices.use_cases.find_device import find_device
from services.parcel.devices.use_cases.find_devices import find_devices
from services.parcel.devices.use_cases.revoke_device import revoke_device
from services.parcel.forms import Serving, Supervising
from services.parcel.pages import LARGEST_PAGE, LINKED, Instant, Limit, Paged
from shared import clock
from shared.access.roles import Actor, Role
from shared.errors import FieldProblem, Invalid
from shared.web.access import actor_with

log = structlog.get_logger()
router = APIRouter(prefix="/devices", tags=["devices"])

Overseeing = Annotated[
    Actor, Depends(actor_with(Role.SUPERVISOR, Role.OFFICE_MANAGER, Role.ADMINISTRATOR, Role.AUDITOR))
]
NEWEST = TypeAdapter(tuple[Instant, UUID])


@router.post("", status_code=201)
async def add_one(body: DeviceBody, actor: Supervising, service: Serving) -> NewDeviceView:
    """Add a device to an office; takes no Idempotency-Key, for a kept answer would keep the code."""
    actor.must_act_for(body.office)
    if body.office not in service.directory.offices:
        raise Invalid([FieldProblem("office", "unknown-office", "There is no office of this code.")])
    async with service.database.transaction() as tx:
        device, code = await add_device(tx, actor, body.office, body.label, clock.now())
    log.info("device added", device_id=str(device.device_id), office=device.office, actor=actor.id)
    return NewDeviceView(**device_view(device).model_dump(), code=code)


@router.get("", responses=LINKED)
async def show_devices(
    actor: Overseeing, service: Serving, page: Paged, limit: Limit = LARGEST_PAGE
) -> list[DeviceView]:
    """List the devices of the actor's office, of every office for who acts for all; newest first."""
    async with service.database.transaction() as tx:
        devices = await find_devices(tx, actor, page.after(NEWEST), limit)
    return page.show(devices, device_view, NEWEST, lambda one: (one.made_at, one.device_id), limit)


@router.get("/{device_id}")
async def show_device(device_id: UUID, actor: Overseeing, service: Serving) -> DeviceFoundView:
    """Show one device, who may unlock it without a line, and which item numbers it leased of late."""
    async with service.database.transaction() as tx:
        found = await find_device(tx, actor, device_id, clock.now())
    return DeviceFoundView(
        **device_view(found.device).model_dump(),
        passes=[PassView.of(kept) for kept in found.passes],
        blocks=[LeasedBlockView.model_validate(block) for block in found.blocks],
    )


@router.post("/{device_id}/revocation")
async def revoke_one(device_id: UUID, body: RevocationBody, actor: Supervising, service: Serving) -> RevokedView:
    """Revoke a device for good; every service refuses it within seconds, and whoever signed in on it is signed out."""
    async with service.database.transaction() as tx:
        device = await revoke_device(tx, service.outbox, actor, device_id, body.reason, clock.now())
    await service.directory.refresh(service.database)
    log.info("device revoked", device_id=str(device_id), reason=device.revoked_for, actor=actor.id)
    return RevokedView.model_validate(device)
