"""What becomes of a dead letter: replayed through the same handler, parked again, or discarded."""

from collections.abc import Sequence

import asyncpg

from shared.db.connection import Database, Tx
from shared.messaging import dead_letters, outbox
from shared.messaging.dead_letters import State
from shared.messaging.measures import Measures
from shared.messaging.outbox import Outbox
from tests.shared.messaging.bad_records import BAD
from tests.shared.messaging.consuming import Picky, consumer_of, letters, move
from tests.shared.messaging.notes import (
    OTHER_RING,
    TRACE,
    Note,
    SecretNote,
    effects,
    figure,
    record,
    write_down,
)


async def test_a_replay_applies_what_failed_once_the_cause_is_gone(database: Database, measures: Measures) -> None:
    handler = Picky("bad")
    consumer = consumer_of(database, measures, {Note: handler})
    notes = [Note(item="bad", number=number) for number in (1, 2, 3)]
    await consumer.apply([record(note, offset) for offset, note in enumerate(notes)])
    handler.mended = True
    ids = [dead.id for dead in await letters(database, State.PARKED)]
    assert await move(database, ids[:2], State.REPLAYING) == 2
    assert await consumer.replay() is True
    assert await effects(database) == [("bad", 1), ("bad", 2)]
    assert [dead.state for dead in await letters(database)] == [State.REPLAYED, State.REPLAYED, State.PARKED]
    assert measures.registry.get_sample_value("ctcpost_events_applied_total", {"type": Note.type}) == 2


async def test_a_replay_that_fails_again_is_parked_again(database: Database, measures: Measures) -> None:
    consumer = consumer_of(database, measures, {Note: Picky("bad")})
    await consumer.apply([record(Note(item="bad", number=1))])
    for _ in range(2):
        [dead] = await letters(database)
        await move(database, [dead.id], State.REPLAYING)
        assert await consumer.replay() is True
    [dead] = await letters(database)
    assert (dead.state, dead.reason) == (State.PARKED, "Bug")
    assert await effects(database) == []
    assert await consumer.replay() is False


async def test_one_failing_replay_takes_no_other_along(database: Database, measures: Measures) -> None:
    handler = Picky("bad")
    consumer = consumer_of(database, measures, {Note: handler})
    await consumer.apply(
        [record(Note(item="bad", number=1), 0), BAD["not JSON"](1), record(SecretNote(item="x", number=1), 2)]
    )
    await consumer.apply([record(Note(item="bad", number=2), 3)])
    handler.mended = True
    await move(database, [dead.id for dead in await letters(database)], State.REPLAYING)
    await consumer.replay()
    assert await effects(database) == [("bad", 1), ("bad", 2)]
    states = {dead.letter.offset: dead.state for dead in await letters(database)}
    assert states == {0: State.REPLAYED, 1: State.PARKED, 3: State.REPLAYED}


async def test_a_replay_after_the_event_came_by_itself_changes_nothing(database: Database, measures: Measures) -> None:
    handler = Picky("bad")
    consumer = consumer_of(database, measures, {Note: handler})
    note = Note(item="bad", number=1)
    await consumer.apply([record(note, 0)])
    handler.mended = True
    await consumer.apply([record(note, 1)])
    await move(database, [dead.id for dead in await letters(database)], State.REPLAYING)
    await consumer.replay()
    assert await effects(database) == [("bad", 1)]
    assert [dead.state for dead in await letters(database)] == [State.REPLAYED]


async def test_sealed_bytes_stay_sealed_and_are_replayed_when_the_key_is_there(
    database: Database, measures: Measures, owner: asyncpg.Connection
) -> None:
    sent = record(SecretNote(item="A", number=1), 0, OTHER_RING)
    await consumer_of(database, measures).apply([sent])
    [dead] = await letters(database)
    assert dead.letter.payload == sent.value
    await move(database, [dead.id], State.REPLAYING)
    consumer = consumer_of(database, Measures(type(measures.registry)()))
    consumer._decoder._key_ring = OTHER_RING
    await consumer.replay()
    assert await effects(database) == [("A", 1)]


async def test_a_letter_of_a_type_no_longer_handled_says_so(database: Database, measures: Measures) -> None:
    await consumer_of(database, measures, {Note: Picky("bad")}).apply([record(Note(item="bad", number=1))])
    await move(database, [dead.id for dead in await letters(database)], State.REPLAYING)
    await consumer_of(database, Measures(type(measures.registry)()), {SecretNote: write_down}).replay()
    [dead] = await letters(database)
    assert (dead.state, dead.reason) == (State.PARKED, "a type that this service does not know")


async def test_a_replayed_event_keeps_its_trace(database: Database, measures: Measures) -> None:
    box = Outbox("tracking")

    class Telling(Picky):
        async def __call__(self, tx: Tx, notes: Sequence[Note]) -> None:
            await super().__call__(tx, notes)
            await box.append(tx, notes)

    handler = Telling("bad")
    consumer = consumer_of(database, measures, {Note: handler})
    await consumer.apply([record(Note(item="bad", number=1))])
    handler.mended = True
    await move(database, [dead.id for dead in await letters(database)], State.REPLAYING)
    await consumer.replay()
    async with database.connection() as tx:
        assert [row.row.traceparent for row in await outbox.unsent(tx, 0, 10)] == [TRACE]


async def test_a_discarded_letter_is_never_applied_nor_parked_again(database: Database, measures: Measures) -> None:
    handler = Picky("bad")
    consumer = consumer_of(database, measures, {Note: handler})
    bad = record(Note(item="bad", number=1))
    await consumer.apply([bad])
    [dead] = await letters(database)
    assert await move(database, [dead.id], State.DISCARDED) == 1
    assert await move(database, [dead.id], State.REPLAYING) == 0
    assert await consumer.replay() is False
    await consumer.apply([bad])
    assert [dead.state for dead in await letters(database)] == [State.DISCARDED]
    assert await figure(database, "select count(*) from dead_letter where state in ('parked', 'replaying')") == 0


async def test_a_letter_is_found_by_its_id(database: Database, measures: Measures) -> None:
    await consumer_of(database, measures).apply([BAD["NUL bytes"](7)])
    [dead] = await letters(database)
    async with database.connection() as tx:
        assert await dead_letters.find(tx, dead.id) == dead
        assert await dead_letters.find(tx, dead.id + 1) is None
        assert await dead_letters.count_open(tx) == 1
