"""Partitions of outbox and inbox: made ahead, dropped behind, by a role that may do nothing else."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from shared.clock import now
from shared.db.connection import Database
from shared.messaging import inbox, outbox
from shared.messaging.housekeeping import DAYS_AHEAD, INBOX_DAYS, OUTBOX_DAYS, measure, turn_partitions
from shared.messaging.measures import Measures
from shared.messaging.outbox import Outbox
from tests.shared.messaging.notes import Note, figure

PARTITIONS = "select inhrelid::regclass::text as name from pg_inherits where inhparent = $1::regclass"


async def names(database: Database, table: str) -> set[str]:
    async with database.connection() as tx:
        return {row["name"] for row in await tx.fetch(PARTITIONS, table)}


def today() -> date:
    return now().date()


def day_name(day: date) -> str:
    return f"outbox_{day:%Y%m%d}"


async def make_day(owner: asyncpg.Connection, table: str, day: date, days: int = 1) -> str:
    """Make a partition of the past, as it was made when that day was near."""
    name = f"{table}_{day:%Y%m%d}"
    first, last = (f"'{day}'", f"'{day + timedelta(days=days)}'")
    if table == "inbox":
        first, last = (f"uuid_floor({bound}::date::timestamp at time zone 'utc')" for bound in (first, last))
        first, last = [f"'{await owner.fetchval(f'select {bound}')}'" for bound in (first, last)]
    await owner.execute(f"create table {name} partition of {table} for values from ({first}) to ({last})")
    return name


async def move_to(owner: asyncpg.Connection, day: date, *, sent: bool) -> None:
    await owner.execute(
        "update outbox set created_on = $1, sent_at = case when $2 then now() end where created_on > $1", day, sent
    )


async def test_a_week_ahead_is_there_and_asking_again_makes_nothing(database: Database) -> None:
    before = await names(database, "outbox"), await names(database, "inbox")
    assert await figure(database, f"select prepare_partitions({DAYS_AHEAD})") == 0
    assert {day_name(today() + timedelta(days=ahead)) for ahead in range(DAYS_AHEAD + 1)} <= before[0]
    assert (await names(database, "outbox"), await names(database, "inbox")) == before


async def test_the_inbox_has_a_place_for_every_moment_of_the_coming_week(database: Database) -> None:
    async with database.transaction() as tx:
        for ahead in range(DAYS_AHEAD + 1):
            moment = datetime.combine(today() + timedelta(days=ahead), datetime.max.time(), UTC)
            made_then = UUID(int=(int(moment.timestamp() * 1000) << 80) | (0x7 << 76) | (0x2 << 62))
            assert await inbox.keep_new(tx, [made_then]) == {made_then}
        assert await tx.fetchval("select count(*) from inbox_other") == 0


async def test_further_days_are_made_on_demand(database: Database) -> None:
    assert await figure(database, f"select prepare_partitions({DAYS_AHEAD + 2})") >= 2
    assert day_name(today() + timedelta(days=DAYS_AHEAD + 2)) in await names(database, "outbox")


async def test_rows_of_a_missing_day_wait_in_the_default_partition(
    database: Database, owner: asyncpg.Connection
) -> None:
    await owner.execute(f"drop table {day_name(today())}")
    async with database.transaction() as tx:
        await Outbox("tracking").append(tx, [Note(item="A", number=1)])
        waiting = await outbox.unsent(tx, 0, 10)
        assert await tx.fetchval("select count(*) from outbox_other") == 1
        await outbox.mark_sent(tx, waiting)
        assert await outbox.unsent(tx, 0, 10) == []
    assert await turn_partitions(database) is False
    assert day_name(today()) not in await names(database, "outbox")
    assert await figure(database, "select count(*) from outbox") == 1


async def test_an_old_day_goes_when_all_of_it_was_sent(database: Database, owner: asyncpg.Connection) -> None:
    old, young = today() - timedelta(days=OUTBOX_DAYS + 1), today() - timedelta(days=OUTBOX_DAYS)
    async with database.transaction() as tx:
        await Outbox("tracking").append(tx, [Note(item="A", number=1), Note(item="B", number=2)])
    made = {await make_day(owner, "outbox", day) for day in (old, young)}
    await move_to(owner, old, sent=True)
    await turn_partitions(database)
    assert made & await names(database, "outbox") == {day_name(young)}


async def test_an_old_day_stays_while_it_holds_a_row_not_sent(database: Database, owner: asyncpg.Connection) -> None:
    old = today() - timedelta(days=40)
    async with database.transaction() as tx:
        await Outbox("tracking").append(tx, [Note(item="A", number=1), Note(item="B", number=2)])
    name = await make_day(owner, "outbox", old)
    await move_to(owner, old, sent=True)
    await owner.execute("update outbox set sent_at = null where key = 'B'")
    await turn_partitions(database)
    assert name in await names(database, "outbox")
    await owner.execute("update outbox set sent_at = now()")
    await turn_partitions(database)
    assert name not in await names(database, "outbox")


async def test_the_default_partition_loses_only_what_is_old_and_sent(
    database: Database, owner: asyncpg.Connection
) -> None:
    async with database.transaction() as tx:
        await Outbox("tracking").append(tx, [Note(item=item, number=1) for item in "ABC"])
    await move_to(owner, today() - timedelta(days=40), sent=True)
    await owner.execute("update outbox set sent_at = null where key = 'B'")
    await owner.execute("update outbox set created_on = $1 where key = 'C'", today() - timedelta(days=OUTBOX_DAYS))
    await turn_partitions(database)
    async with database.connection() as tx:
        assert [row["key"] for row in await tx.fetch("select key from outbox order by key")] == ["B", "C"]


async def test_the_inbox_forgets_weeks_that_are_over_and_no_younger(
    database: Database, owner: asyncpg.Connection
) -> None:
    monday = today() - timedelta(days=today().weekday())
    weeks = [monday - timedelta(weeks=weeks) for weeks in range(1, 7)]
    for week in weeks:
        await make_day(owner, "inbox", week, days=7)
    await turn_partitions(database)
    kept = {
        f"inbox_{week:%Y%m%d}" for week in weeks if week + timedelta(days=7) >= today() - timedelta(days=INBOX_DAYS)
    }
    assert {name for name in await names(database, "inbox") if name < f"inbox_{monday:%Y%m%d}"} == kept
    assert len(kept) in {3, 4}


@pytest.mark.parametrize(
    "statement",
    [
        "create table mine (id int)",
        "drop table outbox_other",
        "alter table outbox add column more text",
        "create index mine on inbox (event_id)",
        "truncate outbox",
        "create temporary table mine (id int)",
        "create function mine() returns int language sql as 'select 1'",
        "delete from pg_catalog.pg_class",
    ],
)
async def test_the_service_role_has_no_ddl(database: Database, statement: str) -> None:
    async with database.connection() as tx:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await tx.execute(statement)


async def test_the_gauges_show_what_waits(database: Database, measures: Measures, owner: asyncpg.Connection) -> None:
    async with database.transaction() as tx:
        await Outbox("tracking").append(tx, [Note(item="A", number=1)])
    await owner.execute("update outbox set created_at = now() - interval '100 seconds'")
    await owner.execute(
        "insert into dead_letter (topic, partition, kafka_offset, headers, payload, payload_sha256, reason, state)"
        " select 't', 0, place, '{}', '', '', 'why', (array['parked', 'replaying', 'replayed', 'discarded'])[place]"
        " from generate_series(1, 4) as place"
    )
    assert await measure(database, measures) is False
    read = measures.registry.get_sample_value
    assert read("ctcpost_outbox_unsent_rows") == 1
    assert read("ctcpost_outbox_oldest_unsent_seconds") == pytest.approx(100, abs=10)
    assert read("ctcpost_dead_letters_open") == 2
