"""Records over HTTP: which passes cover them, what is flagged, and what their bodies may say."""

from datetime import timedelta
from typing import Any

import pytest

from onebox.counter.syncing import sync
from shared.access.roles import Role
from shared.clock import now
from shared.db.connection import Database
from shared.ids import new_id
from tests.support.counters import Counter
from tests.tracking.entrypoints.sent_records import codes, outcomes, scanned, send
from tests.tracking.scans import NUMBER


@pytest.mark.parametrize(
    ("granted", "code"),
    [
        ({"ago": timedelta(days=15)}, "pass-over"),
        ({"ago": timedelta(days=-1)}, "pass-over"),
        ({"staff": "somebody"}, "pass-of-another"),
        ({"office": "TK02"}, "pass-of-another"),
        ({"device_id": new_id()}, "pass-of-another"),
        ({"role": Role.AUDITOR}, "role-refused"),
    ],
    ids=str,
)
async def test_a_record_without_a_pass_that_was_good_is_set_aside(
    counter: Counter, granted: dict[str, Any], code: str
) -> None:
    mine = counter.device.unlock()
    record = scanned(counter)
    other = counter.sign_in(**{"pass_id": mine.pass_id, **granted})
    assert other.pass_id == mine.pass_id

    assert codes(await send(counter, [record])) == [code]


async def test_a_pass_that_does_not_come_along_is_missing(counter: Counter) -> None:
    assert codes(await send(counter, [scanned(counter)], passes=["", "a.b.c"])) == ["pass-missing"]


async def test_records_of_who_was_disabled_or_signed_out_since_count_and_are_flagged(counter: Counter) -> None:
    counter.sign_in(timedelta(hours=13))
    record = scanned(counter)
    await counter.tell_staff(disabled=True)

    answers = await send(counter, [record])

    assert outcomes(answers) == [(1, "applied")]
    assert answers[0]["flags"] == ["member-disabled", "session-ended"]


async def test_a_clock_that_went_off_since_it_was_compared_is_flagged(counter: Counter) -> None:
    record = scanned(counter)
    counter.device.clock = lambda: now() - timedelta(minutes=3)

    answers = await send(counter, [record])

    assert (outcomes(answers), answers[0]["flags"]) == ([(1, "applied")], ["clock-differs"])


async def test_a_record_of_times_to_come_is_set_aside(counter: Counter) -> None:
    counter.device.clock = lambda: now() + timedelta(minutes=11)
    record = scanned(counter)
    counter.device.clock = now

    assert codes(await send(counter, [record])) == ["in-the-future"]


async def test_a_device_whose_clock_is_wrong_is_told_the_time_and_sends(
    counter: Counter, tracking_db: Database
) -> None:
    counter.sign_in(timedelta(days=3))
    counter.device.clock = lambda: now() - timedelta(days=2)
    scanned(counter)

    said = await sync(counter.line, "tracking")

    assert said == {"applied": 1}
    assert counter.device.drift_ms == pytest.approx(-2 * 86_400_000, abs=5_000)
    async with tracking_db.connection() as connection:
        assert await connection.fetchval("select flags from synced_record") == ["session-ended", "clock-differs"]


@pytest.mark.parametrize(
    ("kind", "body", "field"),
    [
        ("scan", {"item_number": NUMBER, "event_code": "EME"}, "retention_reason"),
        ("scan", {"item_number": NUMBER, "event_code": "EDD", "office": "TK02"}, "office"),
        ("scan", {"item_number": NUMBER, "event_code": "EDD", "acton": "x"}, "acton"),
        ("scan", {"item_number": "RR473124828GB", "event_code": "EDD"}, "item_number"),
        ("scan", {}, "item_number"),
        ("hand_over", {"item_number": NUMBER, "event_code": "EDD"}, "event_code"),
    ],
    ids=str,
)
async def test_a_scan_that_cannot_be_is_set_aside_by_field(
    counter: Counter, kind: str, body: dict[str, Any], field: str
) -> None:
    counter.device.note("tracking", kind, body)
    written = counter.device.store.waiting("tracking", 1)[0][1]

    (answer,) = await send(counter, [written])

    assert (answer["outcome"], answer["problem"]["code"]) == ("set_aside", "scan-refused")
    assert answer["problem"]["errors"][0]["field"] == field


async def test_a_kind_that_nobody_knows_is_set_aside(counter: Counter) -> None:
    counter.device.note("tracking", "telepathy", {})

    assert codes(await send(counter, [counter.device.store.waiting("tracking", 1)[0][1]])) == ["kind-unknown"]
