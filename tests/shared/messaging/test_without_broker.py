"""A broker that cannot be reached yet: nothing is lost, nothing is left open, nothing is said that nobody needs."""

import asyncio
import warnings

import pytest
import structlog

from onebox.postgres.databases import ServiceDatabase
from shared.db.connection import Database
from shared.messaging import broker as module
from shared.messaging.broker import Subscription, connect, stop
from shared.messaging.measures import Measures
from tests.shared.messaging.consuming import consumer_of
from tests.shared.messaging.kafka import door, write
from tests.shared.messaging.notes import effects, notes_on, record, write_down
from tests.shared.messaging.relaying import complaints, relay_of, relaying, tell, until_sent
from tests.support.waiting import beside, until, until_true

Lines = list[structlog.typing.EventDict]


def said(lines: Lines, event: str) -> int:
    return len([line for line in lines if line["event"] == event])


async def test_a_relay_whose_broker_comes_later_sends_everything_and_leaves_nothing_open(
    database: Database, lent: ServiceDatabase, kafka_bootstrap: str, topic: str, lines: Lines
) -> None:
    await tell(database, [notes_on(topic)(item="A", number=number) for number in range(1, 51)])
    async with complaints() as heard, door(kafka_bootstrap) as way:
        with warnings.catch_warnings(record=True) as warned:
            warnings.simplefilter("always", ResourceWarning)
            async with relaying(relay_of(lent, f"127.0.0.1:{way.port}")):
                await until_true(lambda: said(lines, "relay lost its term") >= 3)
                await way.open()
                await until_sent(database)
    assert heard == []
    assert [str(warning.message) for warning in warned if "Kafka" in str(warning.message)] == []


async def test_a_relay_and_a_consumer_stopped_while_they_reach_for_a_broker_leave_nothing_open(
    lent: ServiceDatabase, database: Database, kafka_bootstrap: str, topic: str, measures: Measures
) -> None:
    async with complaints() as heard, door(kafka_bootstrap) as way:
        await way.open(answers=False)
        consumer = consumer_of(database, measures, {notes_on(topic): write_down}, group=topic)
        seat = Subscription(connect(f"127.0.0.1:{way.port}", "tests"), consumer, measures)
        async with relaying(relay_of(lent, f"127.0.0.1:{way.port}")), beside(seat.run()):
            await until_true(lambda: way.knocks >= 2)
    assert heard == []


async def test_a_consumer_whose_broker_comes_later_reads_everything_and_leaves_nothing_open(
    database: Database, kafka_bootstrap: str, topic: str, measures: Measures, lines: Lines
) -> None:
    told = notes_on(topic)
    await write(kafka_bootstrap, [record(told(item="A", number=number)) for number in range(1, 11)])
    async with complaints() as heard, door(kafka_bootstrap) as way:
        consumer = consumer_of(database, measures, {told: write_down}, group=topic)
        seat = Subscription(connect(f"127.0.0.1:{way.port}", "tests"), consumer, measures)
        async with beside(seat.run()):
            await until_true(lambda: said(lines, "broker not reached") >= 3)
            assert (seat.joined, seat.hears_broker(), await seat.is_stuck()) == (False, False, False)
            await way.open()

            async def all_read() -> bool:
                return len(await effects(database)) == 10

            await until(all_read)
            assert seat.hears_broker()
    assert heard == []


async def test_a_connection_too_broken_to_be_closed_is_let_go(
    kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    monkeypatch.setattr(module, "STOP_WITHIN_S", 0.1)
    hanging, failing = connect(kafka_bootstrap, "tests"), connect(kafka_bootstrap, "tests")

    async def hang() -> None:
        await asyncio.Event().wait()

    async def fail() -> None:
        raise ExceptionGroup("Failed to stop subscribers", [ValueError()])

    monkeypatch.setattr(hanging, "stop", hang)
    monkeypatch.setattr(failing, "stop", fail)
    await stop(hanging)
    await stop(failing)
    assert [line["error"] for line in lines] == ["TimeoutError", "ExceptionGroup"]
