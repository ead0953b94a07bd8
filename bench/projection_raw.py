"""The raw side of P4: one hand-written loop of aiokafka and asyncpg that does what tracking's consumer does.

It shares the contracts, the scan and the fold with the service, which are the work itself; reading, checking,
statements and committing are its own, with nothing around them: no retries, no dead letters, no log.
"""

import time
from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from itertools import chain
from typing import Any

import asyncpg
import orjson
from aiokafka import AIOKafkaConsumer

from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.journey import Journey, fold
from services.tracking.domain.scan import Posting, Scan, Source
from shared.clock import now
from shared.contracts.parcel import EVENTS_TOPIC, ParcelCancelledV1, ParcelRegisteredV1
from shared.contracts.tracking import TOPIC, ParcelMovedV1

AT_ONCE = 500
TYPES = {event.type.encode(): event for event in (ParcelRegisteredV1, ParcelCancelledV1)}
Told = tuple[ParcelRegisteredV1 | ParcelCancelledV1, str]
"""An event and the trace that it came with."""

KNOWN = """
    insert into inbox (event_id) select event_id from unnest($1::uuid[]) as arrived (event_id)
    order by event_id on conflict do nothing returning event_id
"""
OPEN = """
    insert into journey (item_number, journey_no, version, state, states_told, opened_at, registered)
    select item_number, 1, 0, 'announced', '{}', $2, false from unnest($1::text[]) as seen (item_number)
    order by item_number on conflict do nothing
"""
LOCK = """
    select j.item_number, journey_no, version, state, states_told, last_scan_id
    from (select item_number from unnest($1::text[]) as number (item_number) order by item_number) as wanted
    cross join lateral (
        select * from journey where journey.item_number = wanted.item_number order by journey_no for update
    ) as j
"""
SCANS = """
    select s.* from unnest($1::text[]) as wanted (item_number)
    cross join lateral (select * from scan where scan.item_number = wanted.item_number offset 0) as s
"""
SAVE = """
    insert into journey as j (item_number, journey_no, version, state, states_told, opened_at, ended_at, last_scan_id,
        last_event_code, last_office, last_occurred_at, registered, office_of_posting, collecting_office,
        destination_country, service, weight_g, link_secret_sha256)
    select item_number, journey_no, version, state, array[state], opened_at, ended_at, last_scan_id, last_event_code,
        last_office, last_occurred_at, registered, office_of_posting, collecting_office, destination_country, service,
        weight_g, link_secret_sha256
    from unnest($1::text[], $2::integer[], $3::integer[], $4::text[], $5::timestamptz[], $6::timestamptz[],
        $7::uuid[], $8::text[], $9::text[], $10::timestamptz[], $11::boolean[], $12::text[], $13::text[], $14::text[],
        $15::text[], $16::integer[], $17::text[]) as f (item_number, journey_no, version, state, opened_at, ended_at,
        last_scan_id, last_event_code, last_office, last_occurred_at, registered, office_of_posting,
        collecting_office, destination_country, service, weight_g, link_secret_sha256)
    on conflict (item_number, journey_no) do update set version = excluded.version, state = excluded.state,
        states_told = case when excluded.state = any(j.states_told) then j.states_told
            else j.states_told || excluded.state end,
        opened_at = excluded.opened_at, ended_at = excluded.ended_at, last_scan_id = excluded.last_scan_id,
        last_event_code = excluded.last_event_code, last_office = excluded.last_office,
        last_occurred_at = excluded.last_occurred_at, registered = excluded.registered,
        office_of_posting = excluded.office_of_posting, collecting_office = excluded.collecting_office,
        destination_country = excluded.destination_country, service = excluded.service,
        weight_g = excluded.weight_g, link_secret_sha256 = excluded.link_secret_sha256
"""
SCAN_COLUMNS = ("item_number", "scan_id", "event_code", "occurred_at", "device_time", "drift_ms", "received_at",
                "office", "device_sequence", "source", "posting", "door_delivery")  # fmt: skip
OUTBOX_COLUMNS = ("event_id", "topic", "key", "type", "event_time", "traceparent", "checksum", "payload")


async def take(url: str, kafka: str, group: str, events: int) -> float:
    """Apply so many records; returns when the first batch was read, in monotonic seconds."""
    connection = await asyncpg.connect(url)
    await connection.set_type_codec(
        "jsonb",
        encoder=lambda value: b"\x01" + orjson.dumps(value),
        decoder=lambda raw: orjson.loads(raw[1:]),
        schema="pg_catalog",
        format="binary",
    )
    consumer = AIOKafkaConsumer(
        EVENTS_TOPIC, bootstrap_servers=kafka, group_id=group, enable_auto_commit=False, auto_offset_reset="earliest"
    )
    await consumer.start()
    try:
        began, taken = 0.0, 0
        while taken < events:
            fetched = await consumer.getmany(timeout_ms=100, max_records=AT_ONCE)
            records = list(chain.from_iterable(fetched.values()))
            if not records:
                continue
            began = began or time.perf_counter()
            told = [one for record in records if (one := _read(record))]
            async with connection.transaction():
                new = {row[0] for row in await connection.fetch(KNOWN, [event.event_id for event, _ in told])}
                for of_type in TYPES.values():
                    await _apply(
                        connection, [one for one in told if type(one[0]) is of_type and one[0].event_id in new]
                    )
            await consumer.commit()
            taken += len(records)
        return began
    finally:
        await consumer.stop()
        await connection.close()


def _read(record: Any) -> Told | None:
    headers = dict(record.headers)
    head = b"\n".join((headers["type"], headers["id"], record.key, b""))
    if sha256(head + record.value).hexdigest()[:32].encode() != headers["checksum"]:
        raise ValueError("damaged")
    event_type = TYPES.get(headers["type"])
    if event_type is None:
        return None
    event = event_type.model_validate_json(record.value)
    if str(event.event_id).encode() != headers["id"] or event.key.encode() != record.key:
        raise ValueError("another event")
    return event, headers["traceparent"].decode()


async def _apply(connection: asyncpg.Connection, told: Sequence[Told]) -> None:
    if not told:
        return
    moment = now()
    new = [_scan(event, moment) for event, _ in told]
    numbers = sorted({scan.item_number for scan in new})
    await connection.execute(OPEN, numbers, moment)
    prior = {(row["item_number"], row["journey_no"]): row for row in await connection.fetch(LOCK, numbers)}
    logs: dict[str, list[Scan]] = defaultdict(list)
    if begun := sorted({number for (number, _), row in prior.items() if row["version"]}):
        for row in await connection.fetch(SCANS, begun):
            logs[row["item_number"]].append(_kept(row))
    for scan in new:
        logs[scan.item_number].append(scan)
    journeys = [journey for number in numbers for journey in fold(logs[number])]
    traces = {event.key: trace for event, trace in told}
    moved = [_moved(journey, prior.get((journey.last.item_number, journey.journey_no)), moment) for journey in journeys]
    await connection.copy_records_to_table("scan", records=list(map(_scan_row, new)), columns=SCAN_COLUMNS)
    saved = [_journey_row(journey, event.version) for journey, event in zip(journeys, moved, strict=True)]
    await connection.execute(SAVE, *map(list, zip(*saved, strict=True)))
    rows = [_outbox_row(event, traces[event.key]) for event in moved]
    await connection.copy_records_to_table("outbox", records=rows, columns=OUTBOX_COLUMNS)


def _scan(event: Any, moment: Any) -> Scan:
    if type(event) is ParcelCancelledV1:
        code, at, posting = EventCode.CANCELLED, event.cancelled_at, None
    else:
        code, at = EventCode.EMA, event.registered_at
        posting = Posting(
            event.service, event.destination_country, event.collecting_office, event.weight_g, event.link_secret_sha256,
            event.door_delivery,
        )  # fmt: skip
    return Scan(event.event_id, event.item_number, code, at, moment, event.office, Source.PARCEL, posting=posting)


def _kept(row: asyncpg.Record) -> Scan:
    values = dict(row)
    del values["occurred_at"]
    posting, door_delivery = values.pop("posting"), bool(values.pop("door_delivery"))
    code, source = EventCode(values.pop("event_code")), Source(values.pop("source"))
    posting = posting and Posting(**posting, door_delivery=door_delivery)
    return Scan(event_code=code, source=source, posting=posting, **values)


def _moved(journey: Journey, prior: asyncpg.Record | None, moment: Any) -> ParcelMovedV1:
    last, version = journey.last, prior["version"] if prior else 0
    return ParcelMovedV1(
        time=moment,
        item_number=last.item_number,
        journey_no=journey.journey_no,
        version=version + 1,
        state=journey.state,
        previous_state=prior["state"] if prior and version else None,
        first_time_in_state=prior is None or journey.state not in prior["states_told"],
        event_code=last.event_code,
        office=last.office,
        occurred_at=last.occurred_at,
        reason=last.retention_reason or last.reason,
        scan_id=last.scan_id,
    )


def _posting(posting: Posting | None) -> dict[str, Any] | None:
    if posting is None:
        return None
    return {
        "service": posting.service,
        "destination_country": posting.destination_country,
        "collecting_office": posting.collecting_office,
        "weight_g": posting.weight_g,
        "link_secret_sha256": posting.link_secret_sha256,
    }


def _scan_row(scan: Scan) -> tuple[Any, ...]:
    return (
        scan.item_number, scan.scan_id, scan.event_code, scan.occurred_at, scan.device_time, scan.drift_ms,
        scan.received_at, scan.office, scan.device_sequence, scan.source, _posting(scan.posting),
        scan.posting and scan.posting.door_delivery,
    )  # fmt: skip


def _journey_row(journey: Journey, version: int) -> tuple[Any, ...]:
    last, posting = journey.last, journey.posting
    return (
        last.item_number, journey.journey_no, version, journey.state, journey.opened_at, journey.ended_at,
        last.scan_id, last.event_code, last.office, last.occurred_at, posting is not None, journey.office_of_posting,
        posting and posting.collecting_office, posting and posting.destination_country, posting and posting.service,
        posting and posting.weight_g, posting and posting.link_secret_sha256,
    )  # fmt: skip


def _outbox_row(event: ParcelMovedV1, trace: str) -> tuple[Any, ...]:
    payload, key = event.model_dump_json().encode(), event.item_number
    checksum = sha256(f"{event.type}\n{event.event_id}\n{key}\n".encode() + payload).hexdigest()[:32]
    return event.event_id, TOPIC, key, event.type, event.time, trace, checksum, payload
