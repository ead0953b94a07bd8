"""A batch is one transaction, applied once, whatever is wrong with some of its records."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
import structlog

from shared import trace
from shared.db.connection import Database, Tx
from shared.failpoints import defective
from shared.ids import new_id
from shared.messaging import consume, outbox
from shared.messaging.consume import CATCHING_UP, TRIES_ALONE
from shared.messaging.measures import Measures
from shared.messaging.outbox import Outbox
from tests.shared.messaging.bad_records import BAD
from tests.shared.messaging.consuming import Bug, Picky, consumer_of, letters
from tests.shared.messaging.notes import (
    PHONE,
    TRACE,
    Note,
    SecretNote,
    UnknownNote,
    effects,
    figure,
    record,
    write_down,
)

Lines = list[structlog.typing.EventDict]


def applied(measures: Measures, event_type: str = Note.type) -> float:
    return measures.registry.get_sample_value("ctcpost_events_applied_total", {"type": event_type}) or 0


async def test_an_event_that_comes_twice_in_a_batch_is_applied_once(database: Database, measures: Measures) -> None:
    note = Note(item="A", number=1)
    await consumer_of(database, measures).apply([record(note, 0), record(note, 1), record(note, 2)])
    assert await effects(database) == [("A", 1)]
    assert applied(measures) == 1


async def test_an_event_that_comes_again_in_later_batches_is_applied_once(
    database: Database, measures: Measures
) -> None:
    notes = [Note(item="A", number=number) for number in range(1, 51)]
    consumer = consumer_of(database, measures)
    for _ in range(3):
        await consumer.apply([record(note, offset) for offset, note in enumerate(notes)])
        random.Random(7).shuffle(notes)
    assert sorted(await effects(database)) == [("A", number) for number in range(1, 51)]
    assert applied(measures) == 50


async def test_events_reach_a_handler_in_the_order_of_the_partition(database: Database, measures: Measures) -> None:
    notes = [Note(item="A", number=number) for number in (3, 1, 2, 9, 4)]
    await consumer_of(database, measures).apply([record(note, offset) for offset, note in enumerate(notes)])
    assert await effects(database) == [("A", 3), ("A", 1), ("A", 2), ("A", 9), ("A", 4)]


async def test_types_of_one_batch_are_applied_in_the_declared_order(database: Database, measures: Measures) -> None:
    consumer = consumer_of(database, measures, {SecretNote: write_down, Note: write_down})
    await consumer.apply([record(Note(item="later", number=1)), record(SecretNote(item="first", number=2), 1)])
    assert await effects(database) == [("first", 2), ("later", 1)]


async def test_a_failing_handler_leaves_neither_effect_nor_inbox_id(database: Database, measures: Measures) -> None:
    await consumer_of(database, measures, {Note: Picky("A")}).apply([record(Note(item="A", number=1))])
    assert await effects(database) == []
    assert await figure(database, "select count(*) from inbox") == 0
    assert len(await letters(database)) == 1
    assert applied(measures) == 0


async def test_a_defect_that_shows_on_one_key_costs_that_key_alone(
    database: Database, measures: Measures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consume, "handled", defective("A"))
    notes = [Note(item=item, number=number) for number, item in enumerate("BAC", start=1)]
    await consumer_of(database, measures).apply([record(note, offset) for offset, note in enumerate(notes)])
    assert await effects(database) == [("B", 1), ("C", 3)]
    assert [(letter.letter.key, letter.reason) for letter in await letters(database)] == [("A", "PlantedDefect")]


async def test_a_batch_is_one_transaction_for_all_its_types(database: Database, measures: Measures) -> None:
    transactions = set()

    async def remember(tx: Tx, notes: Sequence[Note]) -> None:
        transactions.add(await tx.fetchval("select pg_current_xact_id()::text"))
        await write_down(tx, notes)

    consumer = consumer_of(database, measures, {Note: remember, SecretNote: remember})
    await consumer.apply([record(Note(item="A", number=1)), record(SecretNote(item="B", number=2), 1)])
    assert len(transactions) == 1
    assert len(await effects(database)) == 2


async def test_a_bug_on_one_item_parks_its_events_and_applies_the_others(
    database: Database, measures: Measures, lines: Lines
) -> None:
    handler = Picky("bad")
    items = ["A", "bad", "B", "bad", "C"]
    notes = [Note(item=item, number=place, text=PHONE) for place, item in enumerate(items, 1)]
    await consumer_of(database, measures, {Note: handler}).apply([record(n, o) for o, n in enumerate(notes)])
    assert await effects(database) == [("A", 1), ("B", 3), ("C", 5)]
    parked = await letters(database)
    assert [(dead.letter.offset, dead.reason, dead.traceparent) for dead in parked] == [
        (1, Bug.__name__, TRACE),
        (3, Bug.__name__, TRACE),
    ]
    assert handler.calls == [5, 1, *[1] * TRIES_ALONE, 1, *[1] * TRIES_ALONE, 1]
    assert applied(measures) == 3
    assert PHONE not in str(lines)


async def test_a_row_that_the_database_refuses_is_parked_with_the_constraint_it_broke(
    database: Database, measures: Measures
) -> None:
    notes = [Note(item="A", number=1), Note(item="B", number=-1), Note(item="C", number=3)]
    await consumer_of(database, measures).apply([record(note, offset) for offset, note in enumerate(notes)])
    assert await effects(database) == [("A", 1), ("C", 3)]
    assert [dead.reason for dead in await letters(database)] == ["CheckViolationError 23514 number_counts"]


async def test_a_value_that_the_database_cannot_hold_is_parked(database: Database, measures: Measures) -> None:
    notes = [Note(item="A", number=1), Note(item="B", number=10**12)]
    await consumer_of(database, measures).apply([record(note, offset) for offset, note in enumerate(notes)])
    assert await effects(database) == [("A", 1)]
    assert [dead.reason for dead in await letters(database)] == ["DataError 22000"]


@pytest.mark.parametrize("fault", [FileNotFoundError, ValueError, RecursionError, AssertionError, StopAsyncIteration])
async def test_a_fault_in_the_code_of_a_handler_is_not_waited_out(
    database: Database, measures: Measures, fault: type[Exception]
) -> None:
    async def broken(_tx: Tx, _notes: Sequence[Note]) -> None:
        raise fault(PHONE)

    await consumer_of(database, measures, {Note: broken}).apply([record(Note(item="A", number=1))])
    reasons = [dead.reason for dead in await letters(database)]
    assert len(reasons) == 1
    assert PHONE not in reasons[0]


async def test_a_misuse_of_the_driver_is_the_events_fault_and_not_the_databases(
    database: Database, measures: Measures
) -> None:
    async def too_many_arguments(tx: Tx, _notes: Sequence[Note]) -> None:
        await tx.fetchval("select $1::integer", 1, 2)

    await consumer_of(database, measures, {Note: too_many_arguments}).apply([record(Note(item="A", number=1))])
    assert [dead.reason for dead in await letters(database)] == ["InterfaceError"]


async def test_each_kind_of_bad_record_is_parked_once_and_stops_nothing(
    database: Database, measures: Measures, lines: Lines
) -> None:
    consumer = consumer_of(database, measures)
    for place, (kind, make) in enumerate(BAD.items(), 1):
        bad = make(place)
        batch = [record(Note(item="A", number=place), 1000), bad, record(SecretNote(item="B", number=place), 2000)]
        for _ in range(2):
            await consumer.apply(batch)
        assert len(await effects(database)) == 2 * place, kind
        dead = (await letters(database))[-1]
        assert (dead.letter.offset, dead.letter.payload, dead.traceparent) == (place, bad.value, TRACE), kind
        assert PHONE not in dead.reason, kind
    assert len(await letters(database)) == len(BAD)
    assert measures.registry.get_sample_value("ctcpost_events_parked_total", {"topic": Note.topic}) == len(BAD)
    assert len([line for line in lines if line["event"] == "dead letter"]) == len(BAD)
    assert PHONE not in str(lines)


async def test_all_kinds_of_bad_records_at_once_and_a_bug_among_them(
    database: Database, measures: Measures, lines: Lines
) -> None:
    bad = [make(offset) for offset, make in enumerate(BAD.values())]
    good = [record(Note(item="good", number=place), 100 + place) for place in range(1, 6)]
    bug = record(Note(item="bug", number=9), 200)
    consumer = consumer_of(database, measures, {Note: Picky("bug"), SecretNote: write_down})
    mixed = [*bad, *good, bug]
    random.Random(3).shuffle(mixed)
    for _ in range(2):
        await consumer.apply(mixed)
    assert sorted(await effects(database)) == [("good", place) for place in range(1, 6)]
    assert len(await letters(database)) == len(BAD) + 1
    assert len([line for line in lines if line["event"] == "dead letter"]) == len(BAD) + 1
    assert measures.registry.get_sample_value("ctcpost_events_parked_total", {"topic": "test.notes"}) == len(BAD) + 1


async def test_what_is_not_for_this_service_passes_by(database: Database, measures: Measures) -> None:
    tombstone = replace(record(Note(item="A", number=1)), value=None)
    await consumer_of(database, measures).apply([record(UnknownNote(item="A", number=1)), tombstone])
    assert await effects(database) == []
    assert await letters(database) == []
    assert await figure(database, "select count(*) from inbox") == 0


async def test_the_same_bytes_at_another_offset_are_another_dead_letter(database: Database, measures: Measures) -> None:
    await consumer_of(database, measures).apply([BAD["empty"](0), BAD["empty"](1)])
    assert len(await letters(database)) == 2


async def test_events_that_a_handler_tells_follow_the_trace_of_what_caused_them(
    database: Database, measures: Measures
) -> None:
    box = Outbox("tracking")

    async def answer(tx: Tx, notes: Sequence[Note]) -> None:
        await box.append(tx, [Note(item=note.item, number=note.number) for note in notes])

    traces = {item: f"00-{new_id().hex}-{'a' * 16}-01" for item in "ABC"}
    records = []
    for offset, (item, header) in enumerate(traces.items()):
        sent = record(Note(item=item, number=1), offset)
        others = tuple(pair for pair in sent.headers if pair[0] != "traceparent")
        records.append(replace(sent, headers=(*others, ("traceparent", header.encode()))))
    with trace.within(TRACE):
        await consumer_of(database, measures, {Note: answer}).apply(records)
    async with database.connection() as tx:
        assert {row.row.key: row.row.traceparent for row in await outbox.unsent(tx, 0, 10)} == traces


async def test_each_event_is_logged_with_key_id_and_trace(database: Database, measures: Measures, lines: Lines) -> None:
    note = Note(item="A", number=1, text=PHONE)
    await consumer_of(database, measures).apply([record(note)])
    [line] = [line for line in lines if line["event"] == "event read"]
    assert (line["key"], line["event_id"], line["trace_id"]) == ("A", str(note.event_id), trace.trace_id(TRACE))
    assert PHONE not in str(lines)


async def test_a_batch_that_catches_up_is_logged_in_one_line(
    database: Database, measures: Measures, lines: Lines
) -> None:
    notes = [Note(item="A", number=number) for number in range(CATCHING_UP + 1)]
    await consumer_of(database, measures).apply([record(note, place) for place, note in enumerate(notes)])
    told = [line for line in lines if line["event"].startswith("event")]
    assert [(line["event"], line[Note.type]) for line in told] == [("events read", len(notes))]


async def test_a_large_batch_is_applied_once_and_in_the_order_of_each_key(
    database: Database, measures: Measures
) -> None:
    notes = [Note(item=f"item {number % 7}", number=number) for number in range(1, CATCHING_UP * 8)]
    records = [record(note, place) for place, note in enumerate(notes)]
    await consumer_of(database, measures).apply(records)
    await consumer_of(database, measures).apply(records)
    written = await effects(database)
    assert sorted(written, key=lambda effect: effect[1]) == [(note.item, note.number) for note in notes]
    for item in {note.item for note in notes}:
        numbers = [number for of_item, number in written if of_item == item]
        assert numbers == sorted(numbers)


async def test_a_large_batch_that_fails_in_part_is_not_taken_for_done(
    database: Database, measures: Measures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.messaging.consume.PATIENCE_S", 0.5)
    out_of_reach = ["item 1"]

    async def write_some(tx: Tx, notes: Sequence[Note]) -> None:
        if {note.item for note in notes} & set(out_of_reach):
            raise ConnectionError
        await write_down(tx, notes)

    notes = [Note(item=f"item {number % 7}", number=number) for number in range(1, CATCHING_UP * 2)]
    records = [record(note, place) for place, note in enumerate(notes)]
    consumer = consumer_of(database, measures, {Note: write_some})
    with pytest.raises(TimeoutError):
        await consumer.apply(records)
    assert 0 < len(await effects(database)) < len(notes)
    out_of_reach.clear()
    await consumer.apply(records)
    assert sorted(number for _, number in await effects(database)) == [note.number for note in notes]
