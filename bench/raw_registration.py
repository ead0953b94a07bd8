"""The rows of a registration written by one statement made by hand, a statement for each parcel.

They are those that the service wrote for one parcel, with another number, key, phones and event ids: both sides write
the same columns and as many bytes, and the raw side spends nothing on making them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import asyncpg

from bench.sample_parcel import key, phones
from shared.db.connection import Tx
from shared.ids import new_id

_ANSWER_AND_PARCEL = """
    with kept as (
        insert into request (caller, key, body_sha256, answer, item_number) values ($1, $2, $3, $4, $5)
        on conflict (caller, key) do nothing returning item_number
    ), registered as (
        insert into parcel (item_number, office, service, destination_country, collecting_office, weight_g, sender,
            recipient, sender_phone, recipient_phone, link_secret, registered_by, registered_at, postage)
        select item_number, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18 from kept
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
ONE = """
    select item_number, caller, body_sha256, answer, office, service, destination_country, collecting_office, weight_g,
        sender, recipient, link_secret, registered_by, registered_at, postage
    from parcel join request using (item_number) order by item_number limit 1
"""
ITS_EVENTS = "select topic, type, traceparent, checksum, payload from outbox where key = $1 order by id"


@dataclass(frozen=True, slots=True)
class Sample:
    """What the service wrote for one parcel."""

    parcel: asyncpg.Record
    events: Sequence[asyncpg.Record]

    @classmethod
    async def read(cls, connection: Tx) -> "Sample":
        """Read the first parcel of a database; there must be one, with its two events."""
        parcel = await connection.fetchrow(ONE)
        assert parcel is not None
        first, second = await connection.fetch(ITS_EVENTS, parcel["item_number"])
        return cls(parcel, (first, second))

    def row(self, serial: int) -> tuple[object, ...]:
        """Return the values of the statement for another parcel like it."""
        parcel, (first, second) = self.parcel, self.events
        return (
            parcel["caller"],
            key(serial),
            parcel["body_sha256"],
            parcel["answer"],
            f"PX{serial:08d}0KH",
            *parcel[4:11],
            *phones(serial),
            *parcel[11:],
            new_id(),
            *first,
            new_id(),
            *second,
        )
