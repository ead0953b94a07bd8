"""The bundle of an office over HTTP: a device gets the parts that it does not have, and the manifest that parcel signs.

Source: RFC 9110 for the entity tag, which is the bundle's id.
"""

from typing import Annotated
from uuid import UUID

import orjson
import structlog
from fastapi import APIRouter, Depends, Header, Query, Response
from pydantic import StringConstraints

from services.parcel.devices.domain.bundle import KIND, Manifest, Part
from services.parcel.devices.entrypoints.bodies import BundleView
from services.parcel.devices.use_cases.make_bundle import make_bundle
from services.parcel.forms import Serving
from services.parcel.people.entrypoints.sessions_http import Signs
from services.parcel.people.use_cases.note_read import note_read
from shared import clock
from shared.access import signed
from shared.access.devices import Device
from shared.access.roles import Actor, Role
from shared.access.signed import Word
from shared.access.tokens import SigningKey
from shared.web.device import on_device

log = structlog.get_logger()
router = APIRouter(prefix="/devices", tags=["devices"])

Held = Annotated[list[Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]], Query(max_length=len(Part))]
NOT_AGAIN = {"description": "The device has this bundle."}


@router.get("/{device_id}/bundle", response_model=BundleView, responses={304: NOT_AGAIN})
async def show_bundle(
    device_id: UUID,
    device: Annotated[Device, Depends(on_device)],
    service: Serving,
    signing: Signs,
    if_none_match: Annotated[str, Header(max_length=1_000)] = "",
    held: Held = [],  # noqa: B006 - nothing is ever added
) -> Response:
    """Give a device the bundle of its office; parts whose digests are named in `held` stay away."""
    now = clock.now()
    today = now.astimezone(clock.LOCAL).date()
    async with service.database.transaction() as tx:
        bundle = await make_bundle(tx, device.office, service.directory.offices, today, now)
        tag = f'"{bundle.manifest.bundle_id}"'
        is_new = tag not in {one.strip().removeprefix("W/") for one in if_none_match.split(",")}
        parts = {name: one for name, one in bundle.contents.items() if is_new and one.sha256 not in held}
        if Part.SHELF in parts:
            await note_read(tx, _reader(device), "bundle", bundle.item_numbers)
    headers = {"ETag": tag, "Cache-Control": "no-store"}
    if not is_new:
        return Response(status_code=304, headers=headers)
    log.info("bundle given", device_id=str(device_id), bundle_id=str(bundle.manifest.bundle_id), parts=len(parts))
    texts = {name.value: one.text.decode() for name, one in parts.items()}
    written = orjson.dumps({"bundle": _signed(signing.key, bundle.manifest), "parts": texts})
    return Response(written, headers=headers, media_type="application/json")


def _signed(key: SigningKey, manifest: Manifest) -> str:
    return signed.write(Word(key.key_id, KIND, manifest.model_dump(mode="json")), key.private_key)


def _reader(device: Device) -> Actor:
    """Return the device as one who reads the data of people: whoever unlocks it sees them."""
    return Actor(str(device.device_id), Role.CLERK, device.office)
