"""The projection made anew: what was wrong is right, nothing is lost, nobody waits, a crash leaves all as it was."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import asyncpg
import pytest

from onebox.postgres.databases import ServiceDatabase
from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.rebuilt import JourneyRow
from services.tracking.domain.scan import Scan
from services.tracking.entrypoints import rebuild as module
from services.tracking.entrypoints.rebuild import CannotRebuild, rebuild
from services.tracking.store import rebuilt
from services.tracking.use_cases.compare_journeys import Fault, RebuiltOtherwise
from services.tracking.use_cases.find_journey import find_journey
from shared.db import migrate
from shared.db.connection import Database, Tx
from shared.failpoints import VARIABLE, Place
from shared.s10 import ItemNumber
from tests.support.addresses import ROOT
from tests.support.waiting import beside
from tests.tracking import told
from tests.tracking.numbers import numbers
from tests.tracking.rebuilding import append, keep_appending, quiet, rows, rows_by_log, some_scans
from tests.tracking.scans import scan

LEFT_BEHIND = "select count(*) from pg_class where relname in ('journey_rebuilt', 'journey_changed')"


@pytest.fixture
async def owner(lent: ServiceDatabase) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(lent.owner_url)
    yield connection
    await connection.close()


@pytest.fixture(autouse=True)
def small_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PORTION", 40)
    monkeypatch.setattr(module, "CHANGED_AT_ONCE", 50)
    monkeypatch.setattr(module, "FEW_CHANGED", 20)
    monkeypatch.setattr(module, "PAUSE_S", 0.02)


async def test_a_table_that_was_right_stays_row_by_row_as_it_was(database: Database, lent: ServiceDatabase) -> None:
    await append(database, some_scans(300, of=40))
    before = await rows(database)

    report = await rebuild(lent.owner_url, quiet)

    assert await rows(database) == before == await rows_by_log(database)
    assert (report.scans, report.journeys) == (300, sum(map(len, before.values())))
    assert (report.faults.total(), report.told_again) == (0, 0)


async def test_what_was_wrong_missing_or_too_much_is_counted_and_set_right(
    database: Database, lent: ServiceDatabase
) -> None:
    await append(database, some_scans(200, of=30))
    right, (wrong, *_, missing) = await rows(database), sorted(await rows(database))
    async with database.transaction() as tx:
        await tx.execute("update journey set last_office = 'NOWHERE', weight_g = -1 where item_number = $1", wrong)
        await tx.execute("delete from journey where item_number = $1 and journey_no = 1", missing)
        await tx.execute(
            "insert into journey (item_number, journey_no, version, state, states_told, opened_at, registered)"
            " values ($1, 9, 0, 'announced', '{}', now(), false)",
            wrong,
        )

    report = await rebuild(lent.owner_url, quiet)

    async with database.connection() as tx:
        log = await tx.fetchval("select count(*) from scan where item_number = $1", missing)
    first = right[missing][0]
    right[missing][0] = replace(first, version=log, states_told=(first.state,))
    assert await rows(database) == right
    assert report.faults == {Fault.WRONG: len(right[wrong]), Fault.MISSING: 1, Fault.SURPLUS: 1}
    assert set(report.numbers) == {wrong, missing}


async def test_a_journey_that_was_told_and_has_no_scan_is_kept(database: Database, lent: ServiceDatabase) -> None:
    await append(database, some_scans(60, of=9))
    before, lost = await rows(database), numbers(1)[0]
    async with database.transaction() as tx:
        await tx.execute("delete from scan where item_number = $1", lost)

    await rebuild(lent.owner_url, quiet)

    assert await rows(database) == before


async def test_a_state_that_was_told_wrong_is_told_again_once(database: Database, lent: ServiceDatabase) -> None:
    seen = scan(EventCode.EMI, item_number=numbers(1)[0])
    await append(database, [seen])
    async with database.transaction() as tx:
        await tx.execute("update journey set state = 'lost', states_told = '{lost}', version = 4")

    first, second = await rebuild(lent.owner_url, quiet), await rebuild(lent.owner_url, quiet)

    async with database.connection() as tx:
        event = (await told.events(tx))[-1]
    assert (event.version, event.state, event.previous_state, event.first_time_in_state) == (
        5,
        "delivered",
        "lost",
        True,
    )
    assert event.time == seen.received_at
    assert (first.told_again, second.told_again, second.faults.total()) == (1, 0, 0)
    ((row,),) = (await rows(database)).values()
    assert (row.version, row.states_told, row.told_state) == (5, ("lost", "delivered"), None)


async def test_an_appended_scan_tells_what_the_rebuild_found_before_it_could(database: Database) -> None:
    seen = scan(EventCode.EMI, item_number=numbers(1)[0])
    await append(database, [seen])
    async with database.transaction() as tx:
        await tx.execute("update journey set told_state = 'arrived', told_scan_id = $1", seen.scan_id)

    await append(database, [scan(EventCode.EDD, item_number=numbers(1)[0], minutes=-5)])

    async with database.connection() as tx:
        event = (await told.events(tx))[-1]
    assert (event.version, event.state, event.previous_state) == (2, "delivered", "arrived")
    ((row,),) = (await rows(database)).values()
    assert (row.told_state, row.told_scan_id) == (None, None)


async def test_scans_that_come_meanwhile_are_in_the_rebuilt_journeys(database: Database, lent: ServiceDatabase) -> None:
    await append(database, some_scans(400, of=60))
    committed: list[Scan] = []

    async with AsyncExitStack() as stack:
        for seed in range(2):
            await stack.enter_async_context(beside(keep_appending(database, 80, seed, committed)))
        for _ in range(4):
            before = len(committed)
            report = await rebuild(lent.owner_url, quiet)
            assert report.faults.total() == 0
            assert len(committed) > before

    assert await rows(database) == await rows_by_log(database)
    async with database.connection() as tx:
        kept = {record["scan_id"] for record in await tx.fetch("select scan_id from scan")}
        events = await told.events(tx)
    assert {one.scan_id for one in committed} <= kept
    by_journey: dict[tuple[str, int], list[int]] = {}
    for event in events:
        by_journey.setdefault((event.item_number, event.journey_no), []).append(event.version)
    assert all(versions == list(range(1, len(versions) + 1)) for versions in by_journey.values())
    last = {(row.item_number, row.journey_no): row.version for of in (await rows(database)).values() for row in of}
    assert last == {journey: versions[-1] for journey, versions in by_journey.items()}


async def test_reads_are_answered_while_the_journeys_are_rebuilt(database: Database, lent: ServiceDatabase) -> None:
    known = some_scans(300, of=40)
    await append(database, known)
    read = 0

    async def keep_reading() -> None:
        nonlocal read
        while True:
            for number in sorted({one.item_number for one in known}):
                async with database.connection() as tx:
                    await find_journey(tx, ItemNumber.parse(number), {})
                    assert await tx.fetchval("select count(*) from journey where item_number = $1", number) > 0
                read += 1

    async with beside(keep_reading()) as reading:
        for _ in range(3):
            before = read
            await rebuild(lent.owner_url, quiet)
            assert read > before
        assert not reading.done()


async def test_the_new_table_is_made_as_the_old_one_was(
    database: Database, lent: ServiceDatabase, owner: asyncpg.Connection
) -> None:
    await owner.execute("create index journey_by_office on journey (last_office, state) where ended_at is null")
    await owner.execute("alter table journey add constraint journey_versions check (version >= 0)")
    await owner.execute("alter table journey set (autovacuum_vacuum_scale_factor = 0.05)")
    await owner.execute("alter table journey alter column registered set default false")
    await owner.execute("grant select on journey to pg_monitor")
    await append(database, some_scans(50, of=9))
    before = await rebuilt.shape(owner, "journey")

    await rebuild(lent.owner_url, quiet)

    assert await rebuilt.shape(owner, "journey") == before
    assert {"journey_pkey", "journey_by_office", "journey_versions", "fillfactor=70"} <= set(
        " ".join(before).replace("{", " ").replace(",", " ").split()
    )
    assert await owner.fetchval(LEFT_BEHIND) == 0
    assert await owner.fetchval("select count(*) from pg_trigger where not tgisinternal") == 0


async def test_the_rows_of_the_rebuild_have_all_columns_of_the_table(owner: asyncpg.Connection) -> None:
    names = await owner.fetch(
        "select attname from pg_attribute where attrelid = 'journey'::regclass and attnum > 0 and not attisdropped"
        " order by attnum"
    )
    assert tuple(record["attname"] for record in names) == rebuilt.COLUMNS


async def test_a_rebuilt_row_that_a_second_fold_does_not_confirm_keeps_the_table_as_it_was(
    database: Database, lent: ServiceDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    await append(database, some_scans(50, of=9))
    before, copy = await rows(database), rebuilt.fill

    async def copy_wrongly(tx: Tx, copied: list[JourneyRow]) -> None:
        await copy(tx, [replace(row, office_of_posting=row.last_office) for row in copied])

    monkeypatch.setattr(rebuilt, "fill", copy_wrongly)
    with pytest.raises(CannotRebuild, match="not the fold of its scans") as raised:
        await rebuild(lent.owner_url, quiet)

    assert isinstance(raised.value.__cause__, RebuiltOtherwise)
    assert await rows(database) == before


async def test_a_table_made_otherwise_is_not_swapped_in(
    database: Database, lent: ServiceDatabase, owner: asyncpg.Connection
) -> None:
    await append(database, some_scans(50, of=9))
    before = await rows(database)
    await owner.execute("alter default privileges grant truncate on tables to pg_monitor")

    with pytest.raises(CannotRebuild, match="pg_monitor"):
        await rebuild(lent.owner_url, quiet)

    assert await rows(database) == before


@pytest.mark.parametrize(
    "place", [Place.REBUILD_BEGUN, Place.REBUILD_FILLED, Place.REBUILD_SWAPPED, Place.REBUILD_COMMITTED]
)
async def test_a_crash_leaves_rows_that_go_on_and_the_next_rebuild_starts_clean(
    database: Database, lent: ServiceDatabase, owner: asyncpg.Connection, place: Place
) -> None:
    await append(database, some_scans(120, of=20))
    before = await rows(database)
    assert await run(lent, {VARIABLE: place.value}) == -signal.SIGKILL
    assert await rows(database) == before

    await append(database, some_scans(60, of=25, seed=1))
    if await owner.fetchval("select to_regclass('journey_changed')"):
        assert await owner.fetchval("select count(*) from journey_changed") == 0
    assert await run(lent, {}) == 0

    assert await rows(database) == await rows_by_log(database)
    assert await owner.fetchval(LEFT_BEHIND) == 0


async def test_a_migration_and_a_rebuild_keep_out_of_each_others_way(
    lent: ServiceDatabase, owner: asyncpg.Connection
) -> None:
    await owner.execute("select pg_advisory_lock($1)", migrate.LOCK)

    with pytest.raises(CannotRebuild, match="at work"):
        await rebuild(lent.owner_url, quiet)


async def test_a_rebuild_waits_for_a_writer_and_does_not_hold_the_others_up(
    database: Database, lent: ServiceDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOCK_WITHIN_S", 0.05)
    monkeypatch.setattr(module, "TRIES", 3)
    async with database.transaction() as tx:
        await tx.execute("select from journey for update")
        with pytest.raises(CannotRebuild, match="keeps the table of journeys locked"):
            await rebuild(lent.owner_url, quiet)


async def test_the_services_own_role_is_told_to_name_the_owner(lent: ServiceDatabase) -> None:
    with pytest.raises(CannotRebuild, match="Name the owner"):
        await rebuild(lent.service_url, quiet)


async def run(lent: ServiceDatabase, more: dict[str, str]) -> int:
    told = {"TRACKING_DATABASE_URL": lent.service_url, "TRACKING_OWNER_DATABASE_URL": lent.owner_url}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.tracking", "rebuild", cwd=ROOT, env=os.environ | told | more, stdout=-3
    )
    async with asyncio.timeout(60):
        return await process.wait()
