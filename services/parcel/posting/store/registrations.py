"""One statement that registers one parcel or many: the kept answer, the parcel and its events commit together."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.parcel.posting.domain.parcel import Parcel
from shared.db.connection import Tx
from shared.messaging.outbox import Row

TWIN_WITHIN = "2s"
"""How long a key that another connection holds is waited for; it holds back all that share the statement."""


@dataclass(frozen=True, slots=True)
class Registration:
    """A parcel about to be registered, under whose key, with the answer and the events it will have."""

    caller: str
    key: str
    body_sha256: bytes
    answer: bytes
    parcel: Parcel
    events: Sequence[Row]


async def insert(tx: Tx, registrations: Sequence[Registration]) -> set[str]:
    """Write registrations; returns the item numbers of those whose key was new.

    Keys are inserted in order, so that two processes that hold the same keys wait for, not block, each other.
    Sorting them reads `patience` to its end, so the limit holds before the first key is waited for.
    """
    parcels = [registration.parcel for registration in registrations]
    events = [event for registration in registrations for event in registration.events]
    records = await tx.fetch(
        """
        with patience as materialized (
            select set_config('lock_timeout', $35, true)
        ), kept as (
            insert into request (caller, key, body_sha256, answer, item_number)
            select caller, key, body_sha256, answer, item_number
            from unnest($1::text[], $2::text[], $3::bytea[], $4::bytea[], $5::text[])
                as asked (caller, key, body_sha256, answer, item_number) cross join patience order by caller, key
            on conflict (caller, key) do nothing returning item_number
        ), registered as (
            insert into parcel (item_number, office, service, destination_country, collecting_office, weight_g,
                length_mm, width_mm, height_mm, sender, recipient, sender_phone, recipient_phone, order_reference,
                link_secret, registered_by, registered_at, trader_id, postage, fits_limits, if_undeliverable,
                redirect_to)
            select p.* from unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::integer[],
                $11::integer[], $12::integer[], $13::integer[], $14::jsonb[], $15::jsonb[], $16::text[], $17::text[],
                $18::text[], $19::text[], $20::text[], $21::timestamptz[], $22::uuid[], $23::jsonb[], $24::boolean[],
                $25::text[], $26::text[])
                as p (item_number, office, service, destination_country, collecting_office, weight_g,
                length_mm, width_mm, height_mm, sender, recipient, sender_phone, recipient_phone, order_reference,
                link_secret, registered_by, registered_at, trader_id, postage, fits_limits, if_undeliverable,
                redirect_to)
            join kept on kept.item_number = p.item_number
        ), told as (
            insert into outbox (event_id, topic, key, type, event_time, traceparent, checksum, payload)
            select e.* from unnest($27::uuid[], $28::text[], $29::text[], $30::text[], $31::timestamptz[],
                $32::text[], $33::text[], $34::bytea[])
                as e (event_id, topic, key, type, event_time, traceparent, checksum, payload)
            join kept on kept.item_number = e.key
        )
        select item_number from kept
        """,
        [registration.caller for registration in registrations],
        [registration.key for registration in registrations],
        [registration.body_sha256 for registration in registrations],
        [registration.answer for registration in registrations],
        [parcel.item_number for parcel in parcels],
        [parcel.office for parcel in parcels],
        [parcel.service for parcel in parcels],
        [parcel.destination_country for parcel in parcels],
        [parcel.collecting_office for parcel in parcels],
        [parcel.weight_g for parcel in parcels],
        [parcel.length_mm for parcel in parcels],
        [parcel.width_mm for parcel in parcels],
        [parcel.height_mm for parcel in parcels],
        [parcel.sender.kept() for parcel in parcels],
        [parcel.recipient.kept() for parcel in parcels],
        [parcel.sender.phone for parcel in parcels],
        [parcel.recipient.phone for parcel in parcels],
        [parcel.order_reference for parcel in parcels],
        [parcel.link_secret for parcel in parcels],
        [parcel.registered_by for parcel in parcels],
        [parcel.registered_at for parcel in parcels],
        [parcel.trader for parcel in parcels],
        [parcel.postage for parcel in parcels],
        *_said_of(parcels),
        [event.event_id for event in events],
        [event.topic for event in events],
        [event.key for event in events],
        [event.type for event in events],
        [event.event_time for event in events],
        [event.traceparent for event in events],
        [event.checksum for event in events],
        [event.payload for event in events],
        TWIN_WITHIN,
    )
    return {record["item_number"] for record in records}


def _said_of(parcels: Sequence[Parcel]) -> tuple[list[bool], list[str], list[str | None]]:
    """Return what counters said of the sizes of parcels and of those that cannot be delivered."""
    return (
        [parcel.fits_limits for parcel in parcels],
        [parcel.if_undeliverable.value for parcel in parcels],
        [parcel.redirect_to for parcel in parcels],
    )
