"""Table scan: append-only; nothing here changes or removes a row."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import fields

from asyncpg import Record

from services.tracking.domain.event_codes import EVENT_KINDS, EventCode
from services.tracking.domain.scan import Posting, Scan, Source
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
)
POSTING = tuple(field.name for field in fields(Posting))


async def add(tx: Tx, scans: Sequence[Scan]) -> None:
    """Append scans; the caller holds their numbers' journeys and knows that the scans are new."""
    await tx.copy_records_to_table("scan", records=map(_row, scans), columns=COLUMNS)


async def of_numbers(tx: Tx, item_numbers: Sequence[str]) -> dict[str, list[Scan]]:
    """Return every scan of these numbers, in no particular order; a number without any is left out."""
    records = await tx.fetch(
        """
        select s.item_number, scan_id, event_code, device_time, drift_ms, received_at, office, device,
            device_sequence, next_office, reason, action, retention_reason, collect_by, actor, source, posting
        from unnest($1::text[]) as wanted (item_number)
        cross join lateral (select * from scan where scan.item_number = wanted.item_number offset 0) as s
        """,
        item_numbers,
    )
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
    )


def _scan(record: Record) -> Scan:
    values = dict(record)
    code = values["event_code"]
    values["event_code"] = EventCode(code) if code in EVENT_KINDS else EventCode.UNKNOWN
    values["source"] = Source(values["source"])
    values["posting"] = values["posting"] and Posting(**values["posting"])
    return Scan(**values)
