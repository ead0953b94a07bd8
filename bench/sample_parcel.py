"""Parcels as the load registers them, for what measures below HTTP."""

import random
from functools import cache

from bench.simulated_bodies import BODIES, body
from services.parcel.idempotency.domain.keys import digest
from services.parcel.posting.domain.postal_services import indicator_for
from services.parcel.posting.entrypoints.bodies import ParcelView, RegisterBody
from services.parcel.posting.use_cases.register_parcels import Asked, register_parcels
from services.parcel.setup.use_cases.load_samples import sample_places
from shared import clock, trace
from shared.contracts.directory import OfficeV1
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from shared.s10 import ItemNumber
from shared.sealing import KEY_BYTES, KeyRing

CALLER = "01890000-0000-7000-8000-000000000000"
"""As long as an actor's id."""
OFFICE = "TK02A"


def key(serial: int) -> str:
    """Return an Idempotency-Key as a client makes it: no two begin alike, so that the index is met anywhere."""
    return f"{random.getrandbits(31):08x}-{random.getrandbits(16):04x}-4000-8000-{serial:012x}"


def asked(serial: int) -> Asked:
    """Return the registration of the parcel that has this place among all."""
    command = RegisterBody.model_validate_json(body(serial)).command(OFFICE)
    today = clock.now().astimezone(clock.LOCAL).date()
    postage = command.postage(_offices(), (), None, today)
    indicator = indicator_for(command.service, command.destination_country, command.options, today)
    number = ItemNumber(indicator, 10_000_000 + serial, "KH")
    return Asked(CALLER, key(serial), command, postage, digest(b"bench"), number, CALLER, trace.new_traceparent())


@cache
def _offices() -> dict[str, OfficeV1]:
    return {one.office: OfficeV1(**one.model_dump(), sample=True, version=1) for one in sample_places().offices}


def sealing_outbox() -> Outbox:
    """Return an outbox of the parcel service, with a key that is none."""
    return Outbox("parcel", KeyRing("k1", {"k1": bytes(KEY_BYTES)}))


async def register_samples(service_url: str) -> None:
    """Register a parcel of each body as the service does, for others to be modelled on."""
    database = await Database.open(service_url, pool_size=1, application="bench")
    try:
        async with database.connection() as connection:
            await register_parcels(
                connection,
                sealing_outbox(),
                [asked(serial) for serial in range(BODIES)],
                lambda parcel: ParcelView.of(parcel).model_dump_json().encode(),
                clock.now(),
            )
    finally:
        await database.close()
