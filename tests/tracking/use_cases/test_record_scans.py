"""Counters' scans: each with its own result, in the order sent."""

from services.tracking.domain.event_codes import EventCode
from services.tracking.use_cases.record_scans import Result, record_scans
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from tests.tracking import told
from tests.tracking.scans import NOON, OTHER_NUMBER, scan

OFFICES = {"TK01", "TK02"}


async def test_one_bad_scan_does_not_hinder_the_others(tracking_db: Database) -> None:
    good = scan(EventCode.EDD)
    bad = scan(EventCode.EME, item_number=OTHER_NUMBER)
    async with tracking_db.transaction() as tx:
        results = await record_scans(tx, Outbox("tracking"), [bad, good, good], OFFICES, NOON)
        events = await told.events(tx)

    assert [one.result for one in results] == [Result.REFUSED, Result.RECORDED, Result.ALREADY_RECORDED]
    assert [one.state for one in results] == [None, CustomerState.IN_TRANSIT, CustomerState.IN_TRANSIT]
    assert [problem.field for problem in results[0].problems] == ["retention_reason"]
    assert [event.item_number for event in events] == [good.item_number]


async def test_a_scan_id_used_for_another_scan_is_refused(tracking_db: Database) -> None:
    first = scan(EventCode.EDD)
    async with tracking_db.transaction() as tx:
        await record_scans(tx, Outbox("tracking"), [first], OFFICES, NOON)
        (result,) = await record_scans(
            tx, Outbox("tracking"), [scan(EventCode.EDH, scan_id=first.scan_id)], OFFICES, NOON
        )

    assert result.result is Result.REFUSED
    assert [(problem.field, problem.code) for problem in result.problems] == [("scan_id", "reused")]


async def test_a_list_without_one_right_scan_writes_nothing(tracking_db: Database) -> None:
    async with tracking_db.transaction() as tx:
        results = await record_scans(tx, Outbox("tracking"), [scan(EventCode.EMH)], OFFICES, NOON)

        assert await tx.fetchval("select count(*) from journey") == 0
    assert [one.result for one in results] == [Result.REFUSED]
