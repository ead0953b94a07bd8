"""What a run without any violation looks like: one parcel registered, corrected, carried and handed over."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from onebox.simulator.history import Call, History, Kind, Outcome
from services.notifications.domain.milestones import Telling, deadline_of, tellings
from services.tracking.domain.rebuilt import JourneyRow
from services.tracking.domain.scan import Scan
from services.tracking.entrypoints.scan_form import ScanForm
from shared.access.roles import Actor, Role
from shared.contracts.directory import OfficeV1
from shared.contracts.envelope import Event
from shared.contracts.notifications import CodeSentV1, MessageSentV1
from shared.contracts.parcel import (
    CONTACTS_TOPIC,
    Contact,
    ParcelChangedV1,
    ParcelContactsV1,
    ParcelRegisteredV1,
    SignInCodeV1,
)
from shared.contracts.states import CustomerState
from shared.contracts.tracking import ParcelMovedV1
from shared.ids import new_id
from shared.s10 import ItemNumber
from tests.faults.evidence import (
    BlockRow,
    Bounds,
    CodeRow,
    ContactRow,
    Evidence,
    MessageRow,
    OutboxRow,
    ParcelRow,
    RangeRow,
    RequestRow,
    Times,
    TopicRecord,
    Try,
    Window,
)
from tests.faults.invariants.journeys import posting_scan
from tests.faults.invariants.log_and_topics import READ, place
from tests.faults.supervision import Death, Start

NUMBER = str(ItemNumber("CP", 17, "KH"))
OFFICE, OTHER_OFFICE = "TK01A", "TK02A"
BEGAN = datetime(2026, 3, 2, 8, tzinfo=UTC)
KEY = "a key"
STATES = (CustomerState.ACCEPTED, CustomerState.READY_FOR_COLLECTION, CustomerState.DELIVERED)
CLERK = Actor("clerk", Role.CLERK, OTHER_OFFICE)
TRADER = "+855968000001"
SENDER = {"name": "Sok Dara", "phone": "0961234567", "language": "en"}
RECIPIENT = {"name": "Chan Sophea", "phone": "0971234567", "language": "km"}
CORRECTED = {"name": "Chea Bopha", "phone": "0881234567", "language": "km"}
BODY = {"weight_g": 300, "collecting_office": OTHER_OFFICE, "sender": SENDER, "recipient": RECIPIENT}
HELD = {
    "sockets of parcel": 20.0,
    "files of parcel": 13.0,
    "connections of parcel": 11.0,
    "bytes of the database parcel": 9_000_000.0,
    "bytes of the write-ahead log": 33_554_432.0,
    "temporary files": 0.0,
}
AGAIN = {"retry_after_s": "1"}


def person(name: str, phone: str, language: str) -> dict[str, object]:
    return {"name": name, "phone": phone, "language": language, "address": [], "postal_code": None}


CONTENT = {
    "service": "parcel",
    "destination_country": "KH",
    "collecting_office": OTHER_OFFICE,
    "weight_g": 300,
    "length_mm": None,
    "width_mm": None,
    "height_mm": None,
    "sender": person("Sok Dara", "+855961234567", "en"),
    "order_reference": None,
    "trader": None,
    "payer": "sender",
    "insured_value": None,
    "cod": None,
    "options": [],
    "fits_limits": False,
    "if_undeliverable": "return",
    "redirect_to": None,
}
RECIPIENT_THERE = person("Chan Sophea", "+855971234567", "km")
CORRECTED_TO = person("Chea Bopha", "+855881234567", "km")
CONTACTS = [
    ContactRow(NUMBER, "sender", "Sok Dara", "+855961234567", "en", 2),
    ContactRow(NUMBER, "recipient", "Chea Bopha", "+855881234567", "km", 2),
]
CORRECTED_AT = 3
"""Where the contacts after the correction stand in their topic."""
OFFICE_ENTRY = OfficeV1(
    version=1,
    office=OFFICE,
    name_km="A counter",
    name_en="A counter",
    office_kind="ctc",
    district_code="0101",
    sample=True,
)
ANSWER = {
    "item_number": NUMBER,
    "version": 1,
    "office": OFFICE,
    "recipient": RECIPIENT_THERE,
    **CONTENT,
}


def call(kind: Kind, key: str, asked: dict[str, Any], answer: dict[str, Any], at: float = 1.0) -> Call:
    body = orjson.dumps(answer) if kind is Kind.REGISTER else b""
    return Call(kind, key, Outcome.OK, 201, at, at, at + 0.01, asked, answer, office=OFFICE, body=body)


def unanswered(one: Call, status: int | None = None) -> Call:
    return replace(one, outcome=Outcome.UNKNOWN, status=status, answer=AGAIN if status == 503 else {})


def refused(one: Call, status: int = 422) -> Call:
    return replace(one, outcome=Outcome.REFUSED, status=status, answer=AGAIN if status == 503 else {})


def outbox_row(event: Event) -> OutboxRow:
    return OutboxRow(event.event_id, event.topic, event.type, event.key, event.model_dump_json().encode(), sent=True)


def form(code: str, minutes: int, sequence: int) -> dict[str, Any]:
    return {
        "scan_id": str(new_id()),
        "item_number": NUMBER,
        "event_code": code,
        "office": OTHER_OFFICE,
        "device": "TK02A-1",
        "device_sequence": sequence,
        "device_time": (BEGAN + timedelta(minutes=minutes)).isoformat(),
    }


def moved(scan: Scan, version: int, state: CustomerState, before: CustomerState | None) -> ParcelMovedV1:
    return ParcelMovedV1(
        time=scan.occurred_at + timedelta(seconds=1),
        item_number=NUMBER,
        journey_no=1,
        version=version,
        state=state,
        previous_state=before,
        first_time_in_state=True,
        event_code=scan.event_code,
        office=scan.office,
        occurred_at=scan.occurred_at,
        reason=None,
    )


def parcel_events() -> list[OutboxRow]:
    registered = ParcelRegisteredV1(
        item_number=NUMBER,
        version=1,
        office=OFFICE,
        service="parcel",
        destination_country="KH",
        collecting_office=OTHER_OFFICE,
        weight_g=300,
        registered_at=BEGAN,
        link_secret_sha256=hashlib.sha256(b"secret").hexdigest(),
    )
    contact = Contact(name="Sok Dara", phone="+855961234567", language="en")
    contacts = [
        ParcelContactsV1(item_number=NUMBER, version=version, sender=contact, recipient=contact, link_secret="s")
        for version in (1, 2)
    ]
    sealed = [replace(outbox_row(one), payload=b"sealed") for one in contacts]
    changed = ParcelChangedV1(item_number=NUMBER, version=2, changed="recipient")
    return [outbox_row(registered), sealed[0], outbox_row(changed), sealed[1], outbox_row(OFFICE_ENTRY)]


def healthy() -> Evidence:
    """Return evidence in which nothing is wrong."""
    parcel = parcel_events()
    forms = [form("EDH", 10, 1), form("EMI", 20, 2)]
    scans = [posting_scan(parcel[0]), *(ScanForm(**one).to_scan(CLERK, BEGAN) for one in forms)]
    movements = [
        moved(scan, version, state, STATES[version - 2] if version > 1 else None)
        for version, (scan, state) in enumerate(zip(scans, STATES, strict=True), start=1)
    ]
    messages = [_message(telling, one) for one in movements for telling in tellings(one)]
    code = _code()
    told = [outbox_row(one) for one in (*map(_sent, messages), _code_sent(code))]
    moves = [*map(outbox_row, movements)]
    outboxes = {"parcel": [*parcel, _code_event(code)], "tracking": moves, "notifications": told}
    records = [_record(row, offset, owner) for owner, rows in outboxes.items() for offset, row in enumerate(rows)]
    return Evidence(
        history=History(_calls(forms)),
        parcels=[ParcelRow(NUMBER, OFFICE, CONTENT, CORRECTED_TO, 2, "delivered", moved=(1, 3))],
        requests=[RequestRow("clerk", KEY, NUMBER, ANSWER, orjson.dumps(ANSWER))],
        outboxes=outboxes,
        records=records,
        scans={NUMBER: scans},
        journeys=[_journey(scans)],
        inboxes={service: _inbox(service, records) for service in READ},
        messages=messages,
        codes=[code],
        contacts=CONTACTS,
        contacts_at={place(record): _told_at(record) for record in records if record.topic == CONTACTS_TOPIC},
        directory={OFFICE_ENTRY.key: OFFICE_ENTRY.model_dump(mode="json")},
        blocks=[BlockRow("CP", OFFICE, 10, 19, 18), BlockRow("CP", OTHER_OFFICE, 20, 29, 20)],
        ranges=[RangeRow("CP", 1, 100, 30)],
        texts={"parcel.log": f"parcel registered item_number={NUMBER}"},
        windows=[Window("a fault", 0.0, 10.0, floor=3)],
        bounds=[Bounds("MB of parcel", 80.0, 100.0)],
        starts=[Start("parcel", 9.0, 6.5, again=True, at=9.0)],
        deaths=[Death("parcel", -9, 5.0, meant=True)],
        held_before=HELD,
        held_after={**HELD, "sockets of parcel": 18.0, "bytes of the database parcel": 9_200_000.0},
        rested_at=3.5,
    )


def _told_at(record: TopicRecord) -> list[ContactRow]:
    """Return whom one of the two records of contacts tells of: before the correction, or after it."""
    before = replace(CONTACTS[1], name="Chan Sophea", phone="+855971234567")
    return CONTACTS if record.offset == CORRECTED_AT else [replace(one, version=1) for one in (CONTACTS[0], before)]


def _journey(scans: Sequence[Scan]) -> JourneyRow:
    return JourneyRow(
        item_number=NUMBER,
        journey_no=1,
        version=3,
        state="delivered",
        states_told=("accepted", "ready_for_collection", "delivered"),
        opened_at=BEGAN,
        ended_at=BEGAN + timedelta(minutes=20),
        last_scan_id=scans[-1].scan_id,
        last_event_code="EMI",
        last_office=OTHER_OFFICE,
        last_occurred_at=BEGAN + timedelta(minutes=20),
        registered=True,
        office_of_posting=OFFICE,
        collecting_office=OTHER_OFFICE,
        destination_country="KH",
        service="parcel",
        weight_g=300,
        link_secret_sha256=hashlib.sha256(b"secret").hexdigest(),
        told_state=None,
        told_scan_id=None,
    )


def _calls(forms: list[dict[str, Any]]) -> list[Call]:
    corrected = {"item_number": NUMBER, "version": 2}
    read = {
        "state": "delivered",
        "since": (BEGAN + timedelta(minutes=20)).isoformat(),
        "service": "parcel",
        "events": [
            {"event_code": code, "occurred_at": (BEGAN + timedelta(minutes=minutes)).isoformat()}
            for code, minutes in (("EMA", 0), ("EDH", 10), ("EMI", 20))
        ],
    }
    scanned = [
        call(Kind.SCAN, one["scan_id"], one, {"scan_id": one["scan_id"], "result": "recorded"}, 3.0) for one in forms
    ]
    return [
        unanswered(call(Kind.REGISTER, KEY, BODY, ANSWER)),
        call(Kind.REGISTER, KEY, BODY, ANSWER),
        call(Kind.CORRECT, NUMBER, CORRECTED, corrected, 2.0),
        *scanned,
        call(Kind.READ_JOURNEY, NUMBER, {}, read, 4.0),
        call(Kind.ASK_CODE, TRADER, {"phone": TRADER}, {}, 2.0),
    ]


def _message(telling: Telling, told: ParcelMovedV1) -> MessageRow:
    tries = [Try(1, 2.0, 2.1, "accepted")]
    soon = told.time + timedelta(seconds=1)
    times = Times(deadline_of(told, telling.milestone), soon, soon, [soon])
    phone = next(one.phone for one in CONTACTS if one.audience == telling.audience)
    row = MessageRow(new_id(), NUMBER, 1, telling.milestone, telling.audience, "accepted", times, phone=phone)
    return replace(row, tries=tries)


def _code() -> CodeRow:
    soon = BEGAN + timedelta(seconds=1)
    times, tries = Times(BEGAN + timedelta(minutes=1), soon, soon, [soon]), [Try(1, 2.0, 2.1, "accepted")]
    return CodeRow(new_id(), str(new_id()), "accepted", times, phone=TRADER, tries=tries)


def _code_event(code: CodeRow) -> OutboxRow:
    event = SignInCodeV1(
        request_id=code.request_id, phone=TRADER, language="km", code="123456", expires_at=BEGAN + timedelta(minutes=5)
    )
    return replace(outbox_row(event), payload=b"sealed")


def _code_sent(code: CodeRow) -> CodeSentV1:
    return CodeSentV1(
        request_id=code.request_id, message_id=code.message_id, channel="sms", outcome="accepted", at=BEGAN
    )


def _sent(message: MessageRow) -> MessageSentV1:
    return MessageSentV1(
        item_number=NUMBER,
        message_id=message.message_id,
        milestone=message.milestone,
        audience="sender" if message.audience == "sender" else "recipient",
        channel="sms",
        outcome="accepted",
        at=BEGAN,
    )


def _record(row: OutboxRow, offset: int, owner: str) -> TopicRecord:
    headers = [("type", row.type), ("id", str(row.event_id)), ("source", owner)]
    return TopicRecord(row.topic, 0, offset, row.type, str(row.event_id), row.key, row.payload, headers, at=4.0)


def _inbox(service: str, records: list[TopicRecord]) -> frozenset[UUID]:
    return frozenset(UUID(record.event_id) for record in records if record.type in READ[service])
