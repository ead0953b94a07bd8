"""Sessions on devices over HTTP: who signs in there with a line may unlock the device without one for fourteen days."""

from typing import Annotated
from uuid import UUID

import structlog
from fastapi import APIRouter, Depends, Request

from services.parcel.devices.domain.passes import WORKING
from services.parcel.devices.entrypoints.bodies import DeviceSessionView
from services.parcel.devices.use_cases.give_pass import give_pass
from services.parcel.forms import Serving
from services.parcel.people.entrypoints.proving import address_of, proven
from services.parcel.people.entrypoints.sessions_http import SignInBody, Signs, view
from services.parcel.people.use_cases.open_session import open_session
from services.parcel.people.use_cases.sign_in import sign_in
from shared import clock
from shared.access import passes
from shared.access.devices import Device, write_raw_key
from shared.access.roles import Actor
from shared.web.access import RoleRefused
from shared.web.device import on_device

log = structlog.get_logger()
router = APIRouter(prefix="/devices", tags=["devices"])


@router.post("/{device_id}/sessions", status_code=201)
async def begin_on_device(
    device_id: UUID,
    body: SignInBody,
    device: Annotated[Device, Depends(on_device)],
    request: Request,
    service: Serving,
    signing: Signs,
) -> DeviceSessionView:
    """Sign in on a device of one's office; the session and its tokens end with the device.

    Renewed and ended as every session is.
    """
    person = await proven(service, signing, request, body.name, body.passphrase)
    actor, now = Actor(str(person.staff_id), person.role, person.office, device_id=device_id), clock.now()
    if actor.role not in WORKING:
        raise RoleRefused
    actor.must_act_for(device.office)
    async with service.database.transaction() as tx:
        await sign_in(tx, person, body.code, address_of(request), signing.key_ring, now)
        session, secret = await open_session(tx, actor.id, now, device_id)
        kept, store_key = await give_pass(tx, device_id, actor, session.session_id, signing.key_ring, now)
    log.info("signed in on a device", actor=actor.id, role=actor.role.value, device_id=str(device_id))
    return DeviceSessionView(
        **view(signing, session, secret, actor).model_dump(),
        device_pass=passes.issue(signing.key, kept.granted),
        pass_ends_at=kept.ends_at,
        store_key=write_raw_key(store_key),
    )
