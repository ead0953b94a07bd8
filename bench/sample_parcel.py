"""A parcel as the load registers it, for what measures below HTTP."""

import random
from functools import cache

from services.parcel.idempotency.domain.keys import digest
from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.postage import Postage
from services.parcel.posting.domain.registration import RegisterParcel
from services.parcel.posting.entrypoints.bodies import ParcelView
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


def key(serial: int) -> str:
    """Return an Idempotency-Key as a client makes it: no two begin alike, so that the index is met anywhere."""
    return f"{random.getrandbits(31):08x}-{random.getrandbits(16):04x}-4000-8000-{serial:012x}"


def phones(serial: int) -> tuple[str, str]:
    """Return a sender's and a recipient's phone."""
    number = 1_000_000 + serial * 7_919 % 9_000_000
    return f"+85597{number}", f"+85588{number}"


def asked(serial: int) -> Asked:
    """Return the registration of a parcel that differs from the others by its number, its people and its phones."""
    sender_phone, recipient_phone = phones(serial)
    sender = Person(f"Sender {serial:010d}", sender_phone, "en")
    recipient = Person(f"អ្នកទទួល {serial:010d}", recipient_phone, "km", ("Tram Kak",))
    command = _command(sender, recipient)
    number = ItemNumber("PD", 10_000_000 + serial, "KH")
    return Asked(CALLER, key(serial), command, _postage(), digest(b"bench"), number, CALLER, trace.new_traceparent())


def _command(sender: Person, recipient: Person) -> RegisterParcel:
    return RegisterParcel(
        "TK02A", "parcel", "KH", "TK09A", 1_200, None, None, None, sender, recipient, order_reference=None
    )


@cache
def _postage() -> Postage:
    """Return what each of these parcels costs; no rate is set, as under the load."""
    nobody = Person("", "", "km")
    offices = {one.office: OfficeV1(**one.model_dump(), sample=True, version=1) for one in sample_places().offices}
    return _command(nobody, nobody).postage(offices, (), None, clock.now().astimezone(clock.LOCAL).date())


def sealing_outbox() -> Outbox:
    """Return an outbox of the parcel service, with a key that is none."""
    return Outbox("parcel", KeyRing("k", {"k": bytes(KEY_BYTES)}))


async def register_one(service_url: str) -> None:
    """Register one parcel as the service does, for others to be modelled on."""
    database = await Database.open(service_url, pool_size=1, application="bench")
    try:
        async with database.connection() as connection:
            await register_parcels(
                connection,
                sealing_outbox(),
                [asked(0)],
                lambda parcel: ParcelView.of(parcel).model_dump_json().encode(),
                clock.now(),
            )
    finally:
        await database.close()
