"""Table journey_rebuilt: the shadow in which journeys are made anew while the live table goes on, then take its place.

It is made by the owner role, after the live table as it is then. Meanwhile triggers of the live table note in table
journey_changed which numbers change. They look whether a rebuild holds its lock: one that died leaves nothing to grow.
"""

from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter

from services.tracking.domain.rebuilt import JourneyRow
from services.tracking.store.journeys import rows_by_number
from shared.db import migrate
from shared.db.connection import Tx

LOCK = 4_201_035
COLUMNS = tuple(field.name for field in fields(JourneyRow))
_values = attrgetter(*COLUMNS)
INDEX_WITHIN_S = 3600.0


async def hold(tx: Tx) -> bool:
    """Keep other rebuilds and migrations away as long as this connection lives; returns False where one is at work.

    Waits for the writers that met a trigger left behind.
    """
    if not await tx.fetchval("select pg_try_advisory_lock($1)", migrate.LOCK):
        return False
    await tx.execute("select pg_advisory_lock($1)", LOCK)
    return True


async def lock_live(tx: Tx, within_s: float) -> None:
    """Keep everybody away from the live table until the transaction ends.

    Raises: LockNotAvailableError, where it is not free in time; appending waits no longer than that.
    """
    await tx.execute("select set_config('lock_timeout', $1, true)", f"{int(within_s * 1000)}ms")
    await tx.execute("lock table journey in access exclusive mode")


async def begin(tx: Tx) -> None:
    """Make the empty shadow and have changes noted from now on, whatever an earlier rebuild left.

    The caller has the live table locked: what was written before is read, what comes later is noted.
    """
    await tx.execute("drop function if exists note_changed_journeys cascade")
    await tx.execute("drop table if exists journey_rebuilt, journey_changed")
    await tx.execute("create table journey_rebuilt (like journey including all excluding indexes)")
    await _run_each(
        tx,
        """
        select format('alter table journey_rebuilt set (%s)', array_to_string(reloptions, ', '))
        from pg_class where oid = 'journey'::regclass and reloptions is not null
        union all
        select format('grant %s on journey_rebuilt to %s%s', privilege_type, grantee::regrole,
            case when is_grantable then ' with grant option' else '' end)
        from pg_class cross join aclexplode(relacl) where pg_class.oid = 'journey'::regclass and grantee <> 0
        """,
    )
    await tx.execute("create unlogged table journey_changed (item_number text not null)")
    await tx.execute(
        """
        create function note_changed_journeys() returns trigger language plpgsql security definer
        set search_path = public, pg_catalog
        as $$
        begin
            -- 4201035 is the lock of a rebuild; whoever gets it sees that none is at work.
            if not pg_try_advisory_xact_lock_shared(4201035) then
                insert into journey_changed (item_number) select distinct item_number from changed;
            end if;
            return null;
        end
        $$
        """
    )
    for event, rows in (("insert", "new"), ("update", "new"), ("delete", "old")):
        await _run_each(
            tx,
            """
            select format('create trigger %I after %s on journey referencing %s table as changed
                for each statement execute function note_changed_journeys()', 'note_' || $1, $1::text, $2::text)
            """,
            event,
            rows,
        )


async def next_bound(tx: Tx, after: str, portion: int) -> str | None:
    """Return up to which number a range of about so many scans or journeys goes, or None behind the last number."""
    bound: str | None = await tx.fetchval(
        """
        select nullif(coalesce(
            least(
                (select item_number from scan where item_number > $1 order by item_number offset $2 limit 1),
                (select item_number from journey where item_number > $1 order by item_number offset $2 limit 1)),
            greatest((select max(item_number) from scan), (select max(item_number) from journey))), $1)
        """,
        after,
        portion,
    )
    return bound


async def expected_scans(tx: Tx) -> int:
    """Return about how many scans there are, as the server last estimated."""
    count: int = await tx.fetchval("select greatest(reltuples, 0)::bigint from pg_class where oid = 'scan'::regclass")
    return count


async def fill(tx: Tx, rows: Sequence[JourneyRow]) -> None:
    """Copy rows in."""
    if rows:
        await tx.copy_records_to_table("journey_rebuilt", records=map(_values, rows), columns=COLUMNS)


async def index(tx: Tx) -> None:
    """Give the filled shadow the indexes of the live table, under names that are changed with its own."""
    await tx.execute("select set_config('statement_timeout', $1, true)", f"{INDEX_WITHIN_S:.0f}s")
    await _run_each(
        tx,
        """
        select case when conname is not null
            then format('alter table journey_rebuilt add constraint %I %s', conname || '_rebuilt',
                pg_get_constraintdef(pg_constraint.oid))
            else format('create %sindex %I on journey_rebuilt using %s', case when indisunique then 'unique ' end,
                relname || '_rebuilt', substring(pg_get_indexdef(indexrelid) from ' USING (.*)$'))
            end
        from pg_index join pg_class on pg_class.oid = indexrelid left join pg_constraint on conindid = indexrelid
        where indrelid = 'journey'::regclass
        """,
    )
    await tx.execute("analyze journey_rebuilt", timeout=INDEX_WITHIN_S)


async def take_changed(tx: Tx, limit: int) -> list[str]:
    """Take numbers that changed since they were read; empty when the shadow has caught up."""
    records = await tx.fetch(
        """
        delete from journey_changed where ctid = any(array(select ctid from journey_changed limit $1))
        returning item_number
        """,
        limit,
    )
    return sorted({record["item_number"] for record in records})


async def replace(tx: Tx, item_numbers: Sequence[str], rows: Sequence[JourneyRow]) -> None:
    """Put these rows in the place of all rows of their numbers."""
    await tx.execute("delete from journey_rebuilt where item_number = any($1::text[])", item_numbers)
    await fill(tx, rows)


async def rows_of_numbers(tx: Tx, item_numbers: Sequence[str]) -> dict[str, list[JourneyRow]]:
    """Return the rows of these numbers, by number, the journeys of each in their order."""
    records = await tx.fetch(
        """
        select item_number, journey_no, version, state, states_told, opened_at, ended_at, last_scan_id,
            last_event_code, last_office, last_occurred_at, registered, office_of_posting, collecting_office,
            destination_country, service, weight_g, link_secret_sha256, told_state, told_scan_id
        from journey_rebuilt where item_number = any($1::text[]) order by item_number, journey_no
        """,
        item_numbers,
    )
    return rows_by_number(records)


async def differing(tx: Tx, after: str, upto: str) -> list[str]:
    """Return the numbers of a range whose rows are not the live ones; those that changed meanwhile are left out."""
    records = await tx.fetch(
        """
        select distinct item_number from (
            select coalesce(live.item_number, shadow.item_number) as item_number
            from (select * from journey where item_number > $1 and item_number <= $2) as live
            full join (select * from journey_rebuilt where item_number > $1 and item_number <= $2) as shadow
                on live.item_number = shadow.item_number and live.journey_no = shadow.journey_no
            where live is distinct from shadow
        ) as differing
        where not exists (select from journey_changed where journey_changed.item_number = differing.item_number)
        """,
        after,
        upto,
    )
    return [record["item_number"] for record in records]


async def shape(tx: Tx, table: str) -> set[str]:
    """Describe a table: columns, constraints, indexes, storage, owner and rights."""
    records = await tx.fetch(
        """
        select format('column %s %s %s %s', attname, format_type(atttypid, atttypmod), attnotnull,
            pg_get_expr(adbin, adrelid)) as line
        from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
        where attrelid = $1::text::regclass and attnum > 0 and not attisdropped
        union all select format('constraint %s %s', conname, pg_get_constraintdef(oid))
        from pg_constraint where conrelid = $1::text::regclass
        union all select pg_get_indexdef(indexrelid) from pg_index where indrelid = $1::text::regclass
        union all select format('storage %s %s owner %s', reloptions, relpersistence, relowner::regrole)
        from pg_class where oid = $1::text::regclass
        union all select format('right %s %s %s', grantee::regrole, privilege_type, is_grantable)
        from pg_class cross join aclexplode(relacl) where pg_class.oid = $1::text::regclass
        """,
        table,
    )
    return {record["line"] for record in records}


async def swap(tx: Tx) -> None:
    """Put the shadow in the place of the live table, which is dropped with its triggers; the caller has it locked."""
    renamed = await tx.fetch(
        """
        select format('alter index %I rename to %I', relname || '_rebuilt', relname) as statement
        from pg_index join pg_class on pg_class.oid = indexrelid where indrelid = 'journey'::regclass
        """
    )
    await tx.execute("drop table journey")
    await tx.execute("alter table journey_rebuilt rename to journey")
    for record in renamed:
        await tx.execute(record["statement"])
    await tx.execute("drop table journey_changed")
    await tx.execute("drop function note_changed_journeys")


async def _run_each(tx: Tx, statements: str, *names: str) -> None:
    """Run the statements that a query writes: PostgreSQL itself quotes the names in them."""
    for record in await tx.fetch(statements, *names):
        await tx.execute(record[0], timeout=INDEX_WITHIN_S)
