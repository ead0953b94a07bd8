"""The outbox: what is written, what is refused, and what is sent a second time."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from shared import trace
from shared.clock import now
from shared.contracts.parcel import ParcelCancelledV1
from shared.db.connection import Database
from shared.messaging import outbox
from shared.messaging.outbox import LARGEST_PAYLOAD_BYTES, Outbox, bound_to, checksum_of
from shared.sealing import CannotOpen
from tests.shared.messaging.notes import PHONE, RING, TRACE, Note, SecretNote, figure

ROWS = "select count(*) from outbox"


async def test_an_event_of_another_service_is_refused(database: Database) -> None:
    foreign = ParcelCancelledV1(item_number="EE000000005KH", version=1, office="TK01A", cancelled_at=now())
    async with database.transaction() as tx:
        with pytest.raises(ValueError, match="belongs to parcel"):
            await Outbox("tracking").append(tx, [Note(item="A", number=1), foreign])
    assert await figure(database, ROWS) == 0


async def test_a_sealed_event_needs_a_key_ring(database: Database) -> None:
    async with database.transaction() as tx:
        with pytest.raises(ValueError, match="no key ring"):
            await Outbox("tracking").append(tx, [SecretNote(item="A", number=1)])
    assert await figure(database, ROWS) == 0


async def test_a_sealed_event_cannot_be_read_in_the_table(database: Database) -> None:
    async with database.transaction() as tx:
        await Outbox("tracking", RING).append(tx, [SecretNote(item="A", number=1, text=PHONE)])
    async with database.connection() as tx:
        row = await tx.fetchrow("select outbox::text as whole, payload, checksum, event_id from outbox")
        assert row is not None
    assert PHONE.encode() not in row["payload"]
    assert PHONE.encode().hex() not in row["whole"]
    assert PHONE in RING.open(row["payload"], bound_to("test.notes", "A")).decode()
    assert row["checksum"] == checksum_of(SecretNote.type, str(row["event_id"]), "A", row["payload"])


@pytest.mark.parametrize("place", [bound_to("test.notes", "B"), bound_to("other.topic", "A")])
def test_a_sealed_event_opens_under_its_own_topic_and_key_alone(place: str) -> None:
    row = Outbox("tracking", RING).row(SecretNote(item="A", number=1, text=PHONE))
    with pytest.raises(CannotOpen):
        RING.open(row.payload, place)


async def test_a_payload_too_large_to_be_sent_is_refused_with_the_whole_list(database: Database) -> None:
    small, large = Note(item="A", number=1), Note(item="A", number=2, text="x" * LARGEST_PAYLOAD_BYTES)
    async with database.transaction() as tx:
        with pytest.raises(ValueError, match="larger than a message may be"):
            await Outbox("tracking").append(tx, [small, large])
    assert await figure(database, ROWS) == 0


async def test_a_sealed_payload_is_measured_as_it_travels(database: Database) -> None:
    plain = SecretNote(item="A", number=1).model_dump_json()
    just_fits_unsealed = SecretNote(item="A", number=1, text="x" * (LARGEST_PAYLOAD_BYTES - len(plain)))
    async with database.transaction() as tx:
        with pytest.raises(ValueError, match="larger than a message may be"):
            await Outbox("tracking", RING).append(tx, [just_fits_unsealed])


async def test_rows_keep_the_order_in_which_events_are_told(database: Database) -> None:
    notes = [Note(item=f"item {place % 7}", number=place) for place in range(1, 301)]
    async with database.transaction() as tx:
        await Outbox("tracking").append(tx, notes[:100])
        await Outbox("tracking").append(tx, notes[100:])
    async with database.connection() as tx:
        rows = await outbox.unsent(tx, 0, 1000)
    assert [row.row.event_id for row in rows] == [note.event_id for note in notes]
    assert [row.id for row in rows] == sorted(row.id for row in rows)


async def test_telling_nothing_neither_writes_nor_wakes_the_relay(database: Database) -> None:
    box = Outbox("tracking")
    async with database.transaction() as tx:
        await box.append(tx, [])
    assert not box.wake.is_set()
    assert await figure(database, ROWS) == 0


async def test_an_event_of_a_change_that_is_undone_is_never_told(database: Database) -> None:
    async def tell_and_fail() -> None:
        async with database.transaction() as tx:
            await Outbox("tracking").append(tx, [Note(item="A", number=1)])
            await tx.execute("insert into effect (event_id, item, number) values (gen_random_uuid(), 'A', 0)")

    with pytest.raises(asyncpg.CheckViolationError):
        await tell_and_fail()
    assert await figure(database, ROWS) == 0


async def test_a_row_carries_the_trace_of_what_caused_it(database: Database) -> None:
    caused = "00-" + "c" * 32 + "-" + "d" * 16 + "-01"
    async with database.transaction() as tx:
        with trace.within(TRACE), trace.caused_by({"B": caused}):
            await Outbox("tracking").append(tx, [Note(item="A", number=1), Note(item="B", number=2)])
        rows = await outbox.unsent(tx, 0, 10)
    assert [row.row.traceparent for row in rows] == [TRACE, caused]


async def test_only_the_range_asked_for_is_sent_again(database: Database, owner: asyncpg.Connection) -> None:
    async with database.transaction() as tx:
        await Outbox("tracking").append(tx, [Note(item=str(hour), number=hour) for hour in range(1, 8)])
    noon = now().replace(hour=12, minute=0, second=0, microsecond=0)
    await owner.execute(
        "update outbox set created_on = ($1::timestamptz at time zone 'utc')::date, sent_at = now(),"
        " created_at = $1::timestamptz + make_interval(hours => key::integer)",
        noon,
    )
    await owner.execute("update outbox set topic = 'test.others' where key = '5'")
    await owner.execute("update outbox set sent_at = null where key = '6'")
    async with database.transaction() as tx:
        since, until = noon + timedelta(hours=3), noon + timedelta(hours=7)
        assert await outbox.make_unsent(tx, since, until, ["test.notes"]) == 2
        assert [row.row.key for row in await outbox.unsent(tx, 0, 10)] == ["3", "4", "6"]


async def test_the_backlog_tells_how_many_wait_and_since_when(database: Database, owner: asyncpg.Connection) -> None:
    async with database.transaction() as tx:
        assert await outbox.backlog(tx) == (0, 0.0)
        await Outbox("tracking").append(tx, [Note(item="A", number=1), Note(item="B", number=2)])
    await owner.execute("update outbox set created_at = now() - interval '90 seconds' where key = 'B'")
    async with database.transaction() as tx:
        rows, age_s = await outbox.backlog(tx)
    assert rows == 2
    assert age_s == pytest.approx(90, abs=5)


async def test_appending_wakes_the_relay_of_the_process(database: Database) -> None:
    box = Outbox("tracking")
    async with database.transaction() as tx:
        await box.append(tx, [Note(item="A", number=1)])
    await asyncio.wait_for(box.wake.wait(), 1)
