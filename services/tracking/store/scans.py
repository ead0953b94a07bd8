"""Table scan: append-only; nothing here changes or removes a row."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict

from asyncpg import Record

from services.tracking.domain.event_codes import EVENT_KINDS, EventCode
from services.tracking.domain.scan import Posting, Scan, Source
from shared.db.connection import Tx


async def add(tx: Tx, scans: Sequence[Scan]) -> None:
    """Append scans; the caller holds their numbers' journeys and knows that the scans are new."""
    await tx.execute(
        """
        insert into scan (
            item_number, scan_id, event_code, occurred_at, device_time, drift_ms, received_at, office,
            device, device_sequence, next_office, reason, action, retention_reason, collect_by, actor,
            source, posting)
        select
            item_number, scan_id, event_code, occurred_at, device_time, drift_ms, received_at, office,
            device, device_sequence, next_office, reason, action, retention_reason, collect_by, actor,
            source, posting
        from unnest(
            $1::text[], $2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::bigint[],
            $7::timestamptz[], $8::text[], $9::text[], $10::bigint[], $11::text[], $12::text[], $13::text[],
            $14::text[], $15::date[], $16::text[], $17::text[], $18::jsonb[]) as seen (
            item_number, scan_id, event_code, occurred_at, device_time, drift_ms, received_at, office,
            device, device_sequence, next_office, reason, action, retention_reason, collect_by, actor,
            source, posting)
        """,
        [scan.item_number for scan in scans],
        [scan.scan_id for scan in scans],
        [scan.event_code for scan in scans],
        [scan.occurred_at for scan in scans],
        [scan.device_time for scan in scans],
        [scan.drift_ms for scan in scans],
        [scan.received_at for scan in scans],
        [scan.office for scan in scans],
        [scan.device for scan in scans],
        [scan.device_sequence for scan in scans],
        [scan.next_office for scan in scans],
        [scan.reason for scan in scans],
        [scan.action for scan in scans],
        [scan.retention_reason for scan in scans],
        [scan.collect_by for scan in scans],
        [scan.actor for scan in scans],
        [scan.source for scan in scans],
        [scan.posting and asdict(scan.posting) for scan in scans],
    )


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


def _scan(record: Record) -> Scan:
    values = dict(record)
    code = values["event_code"]
    values["event_code"] = EventCode(code) if code in EVENT_KINDS else EventCode.UNKNOWN
    values["source"] = Source(values["source"])
    values["posting"] = values["posting"] and Posting(**values["posting"])
    return Scan(**values)
