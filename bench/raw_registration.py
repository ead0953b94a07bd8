"""The rows of a registration written by one statement made by hand, a statement for each parcel.

They are those that the service wrote for the load's bodies, one after the other, each with another number, key, phones
and event ids: both sides write the same columns and as many bytes, and the raw side spends nothing on making them.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from bench.sample_parcel import key
from bench.simulated_bodies import OPEN, digits
from shared.db.connection import Tx
from shared.ids import new_id

_ANSWER_AND_PARCEL = """
    with kept as (
        insert into request (caller, key, body_sha256, answer, item_number) values ($1, $2, $3, $4, $5)
        on conflict (caller, key) do nothing returning item_number
    ), registered as (
        insert into parcel (item_number, office, service, destination_country, collecting_office, weight_g, sender,
            recipient, sender_phone, recipient_phone, link_secret, registered_by, registered_at, postage,
            order_reference, length_mm, width_mm, height_mm)
        select item_number, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $31, $32, $33, $34 from kept
    )
"""
_EVENTS = """
    insert into outbox (event_id, topic, key, type, event_time, traceparent, checksum, payload)
    select event_id, topic, item_number, type, $17, traceparent, checksum, payload from kept cross join (values
        ($19::uuid, $20::text, $21::text, $22::text, $23::text, $24::bytea),
        ($25::uuid, $26::text, $27::text, $28::text, $29::text, $30::bytea)
    ) as event (event_id, topic, type, traceparent, checksum, payload)
"""
STATEMENT = _ANSWER_AND_PARCEL + _EVENTS
CHANNEL = "registered"
NOTIFYING = f"""{_ANSWER_AND_PARCEL}, told as ({_EVENTS} returning key)
    select pg_notify('{CHANNEL}', key) from told limit 1
"""
"""The same statement, which also wakes who listens, with the parcel's number."""
COPIES = "PX"
"""What the numbers of copied parcels begin with, and no other."""
ORIGINALS = f"""
    select item_number, caller, body_sha256, answer, office, service, destination_country, collecting_office, weight_g,
        sender, recipient, sender_phone, recipient_phone, link_secret, registered_by, registered_at, postage,
        order_reference, length_mm, width_mm, height_mm
    from parcel join request using (item_number) where item_number not like '{COPIES}%' order by item_number
"""
THEIR_EVENTS = "select key, topic, type, traceparent, checksum, payload from outbox where key = any($1) order by id"


@dataclass(frozen=True, slots=True)
class Sample:
    """What the service wrote for one parcel, with its two events."""

    parcel: asyncpg.Record
    events: Sequence[asyncpg.Record]

    def row(self, serial: int) -> tuple[object, ...]:
        """Return the values of the statement for another parcel like it."""
        parcel, (first, second) = self.parcel, self.events
        return (
            parcel["caller"],
            key(serial),
            parcel["body_sha256"],
            parcel["answer"],
            f"{COPIES}{serial:08d}0KH",
            *parcel[4:11],
            _phone(parcel["sender_phone"], serial),
            _phone(parcel["recipient_phone"], serial),
            *parcel[13:17],
            new_id(),
            *first[1:],
            new_id(),
            *second[1:],
            *parcel[17:],
        )


async def read_samples(connection: Tx) -> Sequence[Sample]:
    """Read the parcels that are no copies; there must be some, each with its two events."""
    parcels = await connection.fetch(ORIGINALS)
    assert parcels
    events = defaultdict(list)
    for event in await connection.fetch(THEIR_EVENTS, [parcel["item_number"] for parcel in parcels]):
        events[event["key"]].append(event)
    return [Sample(parcel, tuple(events[parcel["item_number"]])) for parcel in parcels]


def _phone(of_sample: str, serial: int) -> str:
    return f"{of_sample[:-OPEN]}{digits(serial)}"
