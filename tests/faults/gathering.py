"""Reading what a run left behind: databases, topics, logs and pages of measures."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import httpx
import orjson
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from pydantic import ValidationError

from onebox.configuration import SERVICES
from services.parcel.pricing.domain.tariff import Option
from services.tracking.store import journeys, scans
from shared.contracts.parcel import CONTACTS_TOPIC, ParcelContactsV1
from shared.contracts.topics import TOPICS
from shared.db.connection import Database
from shared.messaging import headers
from shared.messaging.outbox import bound_to
from shared.sealing import CannotOpen, KeyRing
from tests.faults.evidence import (
    BlockRow,
    CodeRow,
    ContactRow,
    DeadLetterRow,
    Evidence,
    MessageRow,
    OutboxRow,
    ParcelRow,
    RangeRow,
    RequestRow,
    Times,
    TopicRecord,
    Try,
)
from tests.faults.invariants.log_and_topics import place
from tests.faults.invariants.registrations import PRICED
from tests.system.stack import Stack

READ_WITHIN_S = 60.0
AGAIN_AFTER_S = 0.5
Tries = dict[UUID, list[tuple[datetime, Try]]]
PERSONS = ("sender", "recipient")
NO_POSTAGE = b'{"payer": "sender", "price": {"lines": []}}'
"""Of a parcel that an earlier version registered."""


async def gather(stack: Stack) -> Evidence:
    """Return all but the history and what was watched while the run lasted."""
    found = Evidence()
    # Servers tell the time since 1970; what the harness saw is of the monotonic clock.
    began_at = time.time() - time.monotonic()
    found.records = await records_of(stack.kafka, began_at)
    found.contacts_at = _contacts_at(found.records, KeyRing.read(stack.folder / "key-ring.json"))
    times = {place(record): record.at for record in found.records}
    for service in SERVICES:
        connection = await asyncpg.connect(stack.databases[service].service)
        try:
            found.outboxes = {**found.outboxes, service: await _outbox(connection)}
            found.inboxes = {**found.inboxes, service: await _inbox(connection)}
            letters = await _dead_letters(connection, service, times, began_at)
            found.dead_letters = [*found.dead_letters, *letters]
            await _own_rows(connection, service, found, began_at)
            found.back_in_time = {**found.back_in_time, **await _back_in_time(connection, service)}
        finally:
            await connection.close()
    await _journeys(stack, found)
    found.texts = {**_logs(stack), **await measures(stack)}
    return found


async def records_of(bootstrap: str, began_at: float) -> list[TopicRecord]:
    """Return every record of every declared topic; `began_at` is when the monotonic clock began."""
    headers.read_any_name()
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest", max_poll_records=5_000)
    await consumer.start()
    try:
        places = [TopicPartition(topic.name, number) for topic in TOPICS for number in range(topic.partitions)]
        consumer.assign(places)
        ends = await consumer.end_offsets(places)
        found: list[ConsumerRecord[bytes, bytes]] = []
        async with asyncio.timeout(READ_WITHIN_S):
            while any([await consumer.position(place) < ends[place] for place in places]):
                for fetched in (await consumer.getmany(timeout_ms=200)).values():
                    found += fetched
    finally:
        await consumer.stop()
    return [_record(one, one.timestamp / 1000 - began_at) for one in found]


def _record(one: "ConsumerRecord[bytes, bytes]", at: float) -> TopicRecord:
    headers = [(name, (value or b"").decode("utf-8", "replace")) for name, value in one.headers]
    key = (one.key or b"").decode("utf-8", "replace")
    told = (dict(headers).get("type", ""), dict(headers).get("id", ""))
    return TopicRecord(one.topic, one.partition, one.offset, *told, key, one.value or b"", headers, at)


def _contacts_at(records: Sequence[TopicRecord], ring: KeyRing) -> dict[str, list[ContactRow]]:
    found = {}
    for record in records:
        if record.topic == CONTACTS_TOPIC:
            # What does not open, or is no event, tells of nobody: faults put such records there.
            with suppress(CannotOpen, ValidationError):
                told = ParcelContactsV1.model_validate_json(
                    ring.open(record.payload, bound_to(record.topic, record.key))
                )
                found[place(record)] = [
                    ContactRow(told.item_number, audience, person.name, person.phone, person.language, told.version)
                    for audience, person in (("sender", told.sender), ("recipient", told.recipient))
                ]
    return found


async def _outbox(connection: asyncpg.Connection) -> list[OutboxRow]:
    rows = await connection.fetch(
        "select event_id, topic, type, key, payload, sent_at is not null as sent from outbox order by id"
    )
    return [OutboxRow(*row) for row in rows]


async def _inbox(connection: asyncpg.Connection) -> frozenset[Any]:
    return frozenset(row[0] for row in await connection.fetch("select event_id from inbox"))


async def _dead_letters(
    connection: asyncpg.Connection, service: str, times: Mapping[str, float], began_at: float
) -> list[DeadLetterRow]:
    rows = await connection.fetch(
        """
        select topic, partition, kafka_offset, event_id, payload, reason, state,
            extract(epoch from parked_at)::float8 - $1 as parked_at, concat_ws(' ', key, headers) as beside
        from dead_letter order by id
        """,
        began_at,
    )
    found = []
    for topic, partition, offset, event_id, payload, reason, state, parked_at, beside in rows:
        waited_s = parked_at - times.get(f"{topic}/{partition}/{offset}", parked_at)
        where = (topic, partition, offset)
        found.append(DeadLetterRow(service, *where, event_id, payload, reason, state, parked_at, waited_s, beside))
    return found


async def _back_in_time(connection: asyncpg.Connection, service: str) -> dict[str, int]:
    sent = await connection.fetchval("select count(*) from outbox where sent_at < created_at")
    found = {f"an event of {service} was sent before it was written": sent}
    if service == "notifications":
        tried = await connection.fetchval(
            "select count(*) from attempt a join message m using (message_id) where a.started_at < m.created_at"
        )
        found["a message was tried before it was written"] = tried
    return found


async def _own_rows(connection: asyncpg.Connection, service: str, found: Evidence, began_at: float) -> None:
    match service:
        case "parcel":
            found.parcels = await _parcels(connection)
            found.requests = await _requests(connection)
            entries = await connection.fetch("select kind, id, body from directory")
            found.directory = {f"{kind}:{entry_id}": orjson.loads(body) for kind, entry_id, body in entries}
            found.blocks = [
                BlockRow(*row)
                for row in await connection.fetch(
                    "select indicator, office, first_serial, last_serial, next_serial, device_id from number_block"
                )
            ]
            found.ranges = [
                RangeRow(*row)
                for row in await connection.fetch(
                    "select indicator, first_serial, last_serial, next_serial from number_range"
                )
            ]
        case "notifications":
            found.contacts = [
                ContactRow(*row)
                for row in await connection.fetch(
                    "select item_number, audience, name, phone, language, version from contact where phone <> ''"
                )
            ]
            tries = await _tries(connection, began_at)
            found.messages = await _messages(connection, tries)
            found.codes = await _codes(connection, tries)


async def _tries(connection: asyncpg.Connection, began_at: float) -> Tries:
    """Return the tries of each message and each code, and when each of them began by the database's clock."""
    found: Tries = defaultdict(list)
    for message_id, started_at, *row in await connection.fetch(
        """
        select message_id, started_at, attempt_no, extract(epoch from started_at)::float8 - $1,
            extract(epoch from ended_at)::float8 - $1, outcome, reason
        from attempt order by message_id, attempt_no
        """,
        began_at,
    ):
        found[message_id].append((started_at, Try(*row)))
    return found


async def _messages(connection: asyncpg.Connection, tries: Tries) -> list[MessageRow]:
    rows = await connection.fetch(
        """
        select m.deadline, m.ended_at, at, m.message_id, m.item_number, coalesce(m.journey_no, f.journey_no),
            m.milestone, m.audience, m.state, m.attempts, coalesce(received, 0) as received,
            coalesce(i.phone, '') as phone
        from message m left join development_inbox i on i.message_id = m.message_id
        left join message f on f.message_id = m.repeats
        where m.item_number is not null
        """
    )
    found = []
    for deadline, ended_at, shown_at, message_id, number, journey_no, milestone, audience, state, *row in rows:
        tried = tries.get(message_id, [])
        times = Times(deadline, ended_at, shown_at, [at for at, _ in tried])
        message = MessageRow(message_id, number, journey_no, milestone, audience, state, times, *row)
        found.append(replace(message, tries=[one for _, one in tried]))
    return found


async def _codes(connection: asyncpg.Connection, tries: Tries) -> list[CodeRow]:
    rows = await connection.fetch(
        """
        select deadline, ended_at, at, m.message_id, request_id, state, attempts, coalesce(received, 0) as received,
            coalesce(i.phone, '') as phone, s.message_id is not null as kept
        from message m
        left join development_inbox i on i.message_id = m.message_id
        left join code_to_send s on s.message_id = m.message_id
        where m.request_id is not null
        """
    )
    found = []
    for deadline, ended_at, shown_at, message_id, request_id, state, *row in rows:
        tried = tries.get(message_id, [])
        times = Times(deadline, ended_at, shown_at, [at for at, _ in tried])
        code = CodeRow(message_id, request_id, state, times, *row)
        found.append(replace(code, tries=[one for _, one in tried]))
    return found


async def _parcels(connection: asyncpg.Connection) -> list[ParcelRow]:
    rows = await connection.fetch(
        """
        select item_number, office, service, destination_country, collecting_office, weight_g, length_mm, width_mm,
            height_mm, sender, recipient, order_reference, trader_id::text as trader, postage, version, state,
            fits_limits, if_undeliverable, redirect_to, cancelled_at is not null as cancelled, moved_journey_no,
            moved_version
        from parcel
        """
    )
    return [_parcel(dict(row)) for row in rows]


def _parcel(row: dict[str, Any]) -> ParcelRow:
    number, office, version, state, cancelled, journey_no, moved = (
        row.pop(name)
        for name in ("item_number", "office", "version", "state", "cancelled", "moved_journey_no", "moved_version")
    )
    row |= {name: orjson.loads(row[name]) for name in PERSONS}
    recipient, postage = row.pop("recipient"), orjson.loads(row.pop("postage") or NO_POSTAGE)
    charged = {line["code"] for line in postage["price"]["lines"]}
    row |= {name: postage.get(name) for name in PRICED} | {"options": [one for one in Option if one.value in charged]}
    return ParcelRow(number, office, row, recipient, version, state, cancelled, (journey_no, moved))


async def _requests(connection: asyncpg.Connection) -> list[RequestRow]:
    rows = await connection.fetch("select caller, key, item_number, answer from request")
    return [
        RequestRow(row["caller"], row["key"], row["item_number"], orjson.loads(row["answer"]), row["answer"])
        for row in rows
    ]


async def _journeys(stack: Stack, found: Evidence) -> None:
    database = await Database.open(stack.databases["tracking"].service, pool_size=1, application="faults")
    try:
        async with database.connection() as connection:
            rows = await connection.fetch("select item_number from scan union select item_number from journey")
            numbers = [row["item_number"] for row in rows]
            found.scans = await scans.of_numbers(connection, numbers)
            by_number = await journeys.rows_of_numbers(connection, numbers)
    finally:
        await database.close()
    found.journeys = [row for rows in by_number.values() for row in rows]


def _logs(stack: Stack) -> dict[str, str]:
    return {log.name: log.read_text(errors="replace") for log in stack.folder.glob("*.log")}


async def measures(stack: Stack) -> dict[str, str]:
    """Return the page of measures of each process that runs."""
    running = [(name, launch) for name, launch in stack.launches.items() if stack.runs(name)]
    return {
        f"measures of {name}": await _page(f"{stack.url(launch.service, launch.replica)}/metrics")
        for name, launch in running
    }


async def _page(url: str) -> str:
    """Return a page, asking again where a process that has just begun, or a busy machine, takes its time."""
    async with httpx.AsyncClient(timeout=5.0, verify=False) as http, asyncio.timeout(READ_WITHIN_S):
        while True:
            try:
                return (await http.get(url)).text
            except httpx.TransportError:
                await asyncio.sleep(AGAIN_AFTER_S)
