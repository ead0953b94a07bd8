"""Records of devices over HTTP: applied once and in order, known when they come again, set aside where broken."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from onebox.counter.asking import Answer, Line, Refused, Request, signed_headers
from onebox.counter.syncing import Stuck, sync
from services.tracking.use_cases.remember_charges import remember_charges
from shared.access.roles import Role
from shared.clock import now
from shared.contracts.parcel import ParcelChargesSetV1
from shared.db.connection import Database
from shared.ids import new_id
from tests.support.counters import Counter, Enrol, at
from tests.tracking.entrypoints.conftest import SignIn
from tests.tracking.entrypoints.sent_records import codes, outcomes, scanned, send
from tests.tracking.numbers import numbers
from tests.tracking.scans import NUMBER, OTHER_NUMBER


async def digest(database: Database) -> list[Any]:
    async with database.connection() as connection:
        return [
            await connection.fetch(f"select * from {table} order by 1, 2")
            for table in ("scan", "journey", "synced_record", "outbox")
        ]


async def test_a_scan_made_without_a_line_is_as_one_made_with_it(
    api: httpx.AsyncClient, counter: Counter, tracking_db: Database
) -> None:
    made = now() - timedelta(hours=3)
    counter.sign_in(timedelta(hours=4))
    slow = at(counter.device, made - timedelta(minutes=1))
    counter.device.compare_clock(made, made - timedelta(minutes=1), made - timedelta(minutes=1))
    record = slow.note("tracking", "scan", {"item_number": "rr 473-124 829 gb", "event_code": "EDD"})

    said = await sync(counter.line, "tracking")

    assert said == {"applied": 1}
    shown = (await api.get(f"/journeys/{NUMBER}")).json()
    assert (shown["state"], shown["place"]["en"]) == ("in_transit", "Bati")
    async with tracking_db.connection() as connection:
        (row,) = await connection.fetch("select * from scan")
    assert (row["scan_id"], row["drift_ms"], row["device_sequence"]) == (record.record_id, -60_000, 1)
    assert (row["occurred_at"], row["device_time"]) == (made, made - timedelta(minutes=1))
    assert (row["office"], row["actor"]) == ("TK01", counter.staff)
    assert (row["device"], row["source"]) == (str(counter.device.device_id), "counter")


async def test_what_was_sent_before_is_known_with_the_same_result(counter: Counter, tracking_db: Database) -> None:
    records = [scanned(counter), scanned(counter, code="XXX"), scanned(counter, code="EMG")]
    first = await send(counter, records)
    before = await digest(tracking_db)

    again = await send(counter, records)
    part = await send(counter, records[1:])

    assert outcomes(first) == [(1, "applied"), (2, "set_aside"), (3, "applied")]
    assert again == [one | {"outcome": "known"} for one in first]
    assert part == again[1:]
    assert await digest(tracking_db) == before


async def test_twins_at_the_same_time_change_nothing(counter: Counter, tracking_db: Database) -> None:
    records = [scanned(counter, number) for number in numbers(20)]

    answers = await asyncio.gather(*(send(counter, records) for _ in range(4)))

    said = sorted({one["outcome"] for one in answer} for answer in answers)
    assert sorted(map(sorted, said)) == [["applied"], ["known"], ["known"], ["known"]]
    async with tracking_db.connection() as connection:
        assert await connection.fetchval("select count(*) from scan") == 20
        assert await connection.fetchval("select count(*) from synced_record") == 20


async def test_behind_a_gap_records_wait_and_nothing_is_kept_of_them(counter: Counter) -> None:
    records = [scanned(counter, number) for number in numbers(4)]

    early = await send(counter, [records[0], records[2], records[3]])
    whole = await send(counter, records)

    assert outcomes(early) == [(1, "applied"), (3, "wait"), (4, "wait")]
    assert outcomes(whole) == [(1, "known"), (2, "applied"), (3, "applied"), (4, "applied")]


async def test_records_count_in_the_order_of_the_device_however_they_are_sent(counter: Counter) -> None:
    records = [scanned(counter, number) for number in numbers(3)]

    assert outcomes(await send(counter, records[::-1])) == [(3, "applied"), (2, "applied"), (1, "applied")]


@pytest.mark.parametrize("broken", ["", "a.b.c", None, 7, {"sequence": 2}, "\ud800", "x" * 20_000], ids=str)
async def test_one_broken_record_is_set_aside_and_the_rest_pass(
    api: httpx.AsyncClient, counter: Counter, sign_in: SignIn, broken: Any
) -> None:
    records: list[Any] = [scanned(counter, number) for number in numbers(3)]
    records[1] = broken

    first = await send(counter, records)
    again = await send(counter, records)

    assert outcomes(first) == [(1, "applied"), (2, "set_aside"), (3, "applied")]
    assert codes(first) == [None, "not-a-record", None]
    assert outcomes(again) == [(1, "known"), (2, "known"), (3, "known")]
    path = f"/devices/{counter.device.device_id}/records"
    listed = (await api.get(path, headers=await sign_in(Role.SUPERVISOR))).json()["records"]
    assert [one["sequence"] for one in listed] == [2, 3, 1]
    assert (listed[0]["set_aside"], listed[0]["problem"]["code"]) == (True, "not-a-record")
    assert listed[0]["written"] is not None
    assert [one["written"] for one in listed[1:]] == [None, None]


async def test_a_record_changed_on_its_way_is_set_aside_in_its_place(counter: Counter) -> None:
    records = [scanned(counter, number) for number in numbers(3)]
    head, payload, signature = records[1].split(".")
    records[1] = f"{head}.{payload}.{signature[::-1][-85:]}A"

    answers = await send(counter, records)

    assert outcomes(answers) == [(1, "applied"), (2, "set_aside"), (3, "applied")]
    assert codes(answers)[1] in {"signature-wrong", "not-a-record"}


async def test_a_record_of_another_device_is_set_aside(enrol: Enrol) -> None:
    mine, other = await enrol(), await enrol()

    answers = await send(mine, [scanned(other)])

    assert codes(answers) == ["signature-wrong"]


async def test_a_place_that_another_record_has_is_not_given_twice(counter: Counter) -> None:
    first = scanned(counter)
    await send(counter, [first])
    # The same sequence again, as from a copy of the disk.
    counter.device.store._file.execute("delete from record")
    counter.device.note("tracking", "scan", {"item_number": OTHER_NUMBER, "event_code": "EMG"})
    copied = counter.device.store.waiting("tracking", 1)[0][1]

    answers = await send(counter, [copied])

    assert (outcomes(answers), codes(answers)) == ([(None, "set_aside")], ["sequence-used"])


async def test_what_the_disk_lost_is_told_and_holds_nothing_up(counter: Counter) -> None:
    for number in numbers(3):
        scanned(counter, number)
    counter.device.store._file.execute("update record set sealed = zeroblob(40) where sequence = 2")

    said = await sync(counter.line, "tracking")

    assert said == {"applied": 2, "set_aside": 1}
    assert counter.device.store.counts("tracking") == {"done": 2, "set_aside": 1}


async def test_a_device_whose_records_are_gone_says_so_and_waits(counter: Counter) -> None:
    scanned(counter)
    scanned(counter)
    counter.device.store._file.execute("delete from record where sequence = 1")

    with pytest.raises(Stuck):
        await sync(counter.line, "tracking")
    assert counter.device.store.counts("tracking") == {"waiting": 1}


async def test_what_the_service_lost_is_sent_again(counter: Counter, tracking_db: Database) -> None:
    for number in numbers(5):
        scanned(counter, number)
    await sync(counter.line, "tracking")
    async with tracking_db.transaction() as tx:
        # As after a restore from a backup of the day before.
        await tx.execute("delete from synced_record where sequence > 2")
        await tx.execute("update synced_device set last_sequence = 2")
    scanned(counter, OTHER_NUMBER)

    said = await sync(counter.line, "tracking")

    assert said == {"wait": 1, "applied": 4}
    assert counter.device.store.counts("tracking") == {"done": 6}


async def test_an_interrupted_day_is_whole_in_the_end(counter: Counter, tracking_db: Database) -> None:
    for number in numbers(25):
        scanned(counter, number)
    sent = 0

    async def cut(request: Request) -> Answer:
        nonlocal sent
        sent += 1
        answer = await counter.wire(request)
        if sent % 2:
            raise ConnectionError  # the answer is lost, what was sent is applied
        return answer

    for _ in range(10):
        try:
            await sync(Line(counter.device, cut), "tracking", most=10)
        except ConnectionError:
            continue
        break

    assert counter.device.store.counts("tracking") == {"done": 25}
    async with tracking_db.connection() as connection:
        assert await connection.fetchval("select count(*) from scan") == 25
        assert await connection.fetchval("select array_agg(sequence order by sequence) from synced_record") == [
            *range(1, 26)
        ]


async def test_a_parcel_handed_over_without_a_line_is_delivered(api: httpx.AsyncClient, counter: Counter) -> None:
    scanned(counter, code="EDH")
    counter.device.note("tracking", "hand_over", {"item_number": NUMBER})

    await sync(counter.line, "tracking")

    assert (await api.get(f"/journeys/{NUMBER}")).json()["state"] == "delivered"


async def test_what_was_handed_over_while_charges_were_due_counts_and_is_flagged(
    counter: Counter, tracking_db: Database
) -> None:
    due = ParcelChargesSetV1(item_number=NUMBER, version=1, charges="due")
    async with tracking_db.transaction() as tx:
        await remember_charges(tx, [due])
    counter.device.note("tracking", "hand_over", {"item_number": NUMBER})
    written = counter.device.store.waiting("tracking", 1)[0][1]

    (answer,) = await send(counter, [written])

    assert (answer["outcome"], answer["flags"]) == ("applied", ["charges-unpaid"])
    assert answer["result"]["state"] == "delivered"


async def test_nobody_sends_in_the_name_of_a_device(api: httpx.AsyncClient, counter: Counter, enrol: Enrol) -> None:
    body = json.dumps({"sent_at": now().isoformat(), "records": [scanned(counter)]}).encode()
    path = f"/devices/{counter.device.device_id}/records"
    thief = (await enrol()).device

    unsigned = await api.post(path, content=body)
    for_another = await api.post(path, content=body, headers=signed_headers(thief, "tracking", "POST", path, body))

    assert (unsigned.status_code, for_another.status_code) == (401, 401)


async def test_a_revoked_device_sends_nothing_any_more(counter: Counter, tracking_db: Database) -> None:
    records = [scanned(counter)]
    await counter.tell_device(revoked_at=now())
    before = await digest(tracking_db)

    body = json.dumps({"sent_at": now().isoformat(), "records": records}).encode()
    with pytest.raises(Refused, match="403 /problems/device-revoked"):
        await counter.line.ask("tracking", "POST", "/records", body)
    assert await digest(tracking_db) == before


async def test_a_supervisor_reads_the_records_of_the_own_office_page_by_page(
    api: httpx.AsyncClient, counter: Counter, sign_in: SignIn
) -> None:
    await send(counter, [scanned(counter, number) for number in numbers(5)] + ["broken", "broken too"])
    path, headers = f"/devices/{counter.device.device_id}/records", await sign_in(Role.SUPERVISOR)

    seen, cursor = [], ""
    while cursor is not None:
        page = (await api.get(f"{path}?limit=3{cursor and f'&cursor={cursor}'}", headers=headers)).json()
        seen += [one["sequence"] for one in page["records"]]
        cursor = page["next_cursor"]
    elsewhere = await api.get(path, headers=await sign_in(Role.SUPERVISOR, "TK02"))
    nowhere = await api.get(f"/devices/{new_id()}/records", headers=headers)
    clerk = await api.get(path, headers=await sign_in(Role.CLERK))

    assert seen == [7, 6, 5, 4, 3, 2, 1]
    assert (elsewhere.status_code, nowhere.status_code, clerk.status_code) == (404, 404, 403)
    assert elsewhere.json() == nowhere.json()


async def test_500_records_are_synced_within_ten_seconds(counter: Counter, tracking_db: Database) -> None:
    for number in numbers(500):
        scanned(counter, number, code="EMG")
    began = asyncio.get_running_loop().time()

    said = await sync(counter.line, "tracking")

    took_s = asyncio.get_running_loop().time() - began
    assert said == {"applied": 500}
    assert took_s < 10
