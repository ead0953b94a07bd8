"""Table scan: append-only; nothing here removes a row, or changes one that somebody scanned."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields
from uuid import UUID

from asyncpg import Record
from pydantic import TypeAdapter

from services.tracking.domain.event_codes import EVENT_KINDS, EventCode
from services.tracking.domain.payment import Payment
from services.tracking.domain.scan import Posting, Scan, Source
from shared.contracts.states import CustomerState
from shared.db.connection import Tx

COLUMNS = (
    "item_number",
    "scan_id",
    "event_code",
    "occurred_at",
    "device_time",
    "drift_ms",
    "received_at",
    "office",
    "device",
    "device_sequence",
    "next_office",
    "reason",
    "action",
    "retention_reason",
    "collect_by",
    "actor",
    "source",
    "posting",
    "door_delivery",
    "restored_state",
    "payment",
)
_PAYMENT = TypeAdapter(Payment)
POSTING = tuple(field.name for field in fields(Posting) if field.name != "door_delivery")


async def add(tx: Tx, scans: Sequence[Scan]) -> None:
    """Append scans; the caller holds their numbers' journeys and knows that the scans are new."""
    await tx.copy_records_to_table("scan", records=map(_row, scans), columns=COLUMNS)


async def restate(tx: Tx, scans: Sequence[Scan]) -> None:
    """Note another state that a topic told of scans which are known from there alone; their numbers are held."""
    await tx.execute(
        """
        update scan set restored_state = restated.state
        from unnest($1::text[], $2::uuid[], $3::text[]) as restated (item_number, scan_id, state)
        where scan.item_number = restated.item_number and scan.scan_id = restated.scan_id
            and scan.restored_state is not null
        """,
        [scan.item_number for scan in scans],
        [scan.scan_id for scan in scans],
        [scan.restored_state for scan in scans],
    )


async def of_numbers(tx: Tx, item_numbers: Sequence[str]) -> dict[str, list[Scan]]:
    """Return every scan of these numbers, in no particular order; a number without any is left out."""
    records = await tx.fetch(
        """
        select s.item_number, scan_id, event_code, device_time, drift_ms, received_at, office, device,
            device_sequence, next_office, reason, action, retention_reason, collect_by, actor, source, posting,
            door_delivery, restored_state, payment
        from unnest($1::text[]) as wanted (item_number)
        cross join lateral (select * from scan where scan.item_number = wanted.item_number offset 0) as s
        """,
        item_numbers,
    )
    return _by_number(records)


async def recorded_among(tx: Tx, scans: Sequence[Scan]) -> set[UUID]:
    """Return the ids of those scans that are there already."""
    records = await tx.fetch(
        """
        select scan_id from scan
        join unnest($1::text[], $2::uuid[]) as sent (item_number, scan_id) using (item_number, scan_id)
        """,
        [scan.item_number for scan in scans],
        [scan.scan_id for scan in scans],
    )
    return {record["scan_id"] for record in records}


async def of_range(tx: Tx, after: str, upto: str) -> dict[str, list[Scan]]:
    """Return every scan of the numbers above one and up to another, by number, in no particular order."""
    records = await tx.fetch(
        """
        select item_number, scan_id, event_code, device_time, drift_ms, received_at, office, device,
            device_sequence, next_office, reason, action, retention_reason, collect_by, actor, source, posting,
            door_delivery, restored_state, payment
        from scan where item_number > $1 and item_number <= $2
        """,
        after,
        upto,
    )
    return _by_number(records)


def _by_number(records: Sequence[Record]) -> dict[str, list[Scan]]:
    scans = defaultdict(list)
    for record in records:
        scans[record["item_number"]].append(_scan(record))
    return scans


def _row(scan: Scan) -> tuple[object, ...]:
    posting = scan.posting
    return (
        scan.item_number,
        scan.scan_id,
        scan.event_code,
        scan.occurred_at,
        scan.device_time,
        scan.drift_ms,
        scan.received_at,
        scan.office,
        scan.device,
        scan.device_sequence,
        scan.next_office,
        scan.reason,
        scan.action,
        scan.retention_reason,
        scan.collect_by,
        scan.actor,
        scan.source,
        posting and {name: getattr(posting, name) for name in POSTING},
        posting and posting.door_delivery,
        scan.restored_state,
        _PAYMENT.dump_python(scan.payment, mode="json") if scan.payment else None,
    )


def _scan(record: Record) -> Scan:
    values = dict(record)
    code = values["event_code"]
    values["event_code"] = EventCode(code) if code in EVENT_KINDS else EventCode.UNKNOWN
    values["source"] = Source(values["source"])
    door_delivery = bool(values.pop("door_delivery"))
    values["posting"] = values["posting"] and Posting(**values["posting"], door_delivery=door_delivery)
    values["payment"] = values["payment"] and _PAYMENT.validate_python(values["payment"])
    if values["restored_state"]:
        values["restored_state"] = CustomerState(values["restored_state"])
    return Scan(**values)
