"""The loops that send: from events to phones."""

import asyncio
from datetime import timedelta

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

from services.notifications.channels.channel import Outgoing
from services.notifications.domain.outcome import Accepted
from services.notifications.entrypoints.consumers import on_parcel_contacts, on_parcel_moved, on_parcel_registered
from services.notifications.entrypoints.measures import MessageMeasures
from services.notifications.entrypoints.message_sender import MessageSender
from services.notifications.entrypoints.sender import Pace, Sender
from services.notifications.main import development_channels
from shared.access.directory import Directory, keep
from shared.clock import now
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from tests.notifications.samples import (
    OFFICES,
    RECIPIENT_PHONE,
    SENDER_PHONE,
    TEXTS,
    contacts,
    moved,
    number,
    registered,
    states,
    told_outcomes,
)

READY = ("ready_for_collection", "recipient")


def sender(database: Database, lease: timedelta = timedelta(seconds=30)) -> Sender:
    return MessageSender(
        database=database,
        outbox=Outbox("notifications"),
        directory=Directory(),
        channels=development_channels(database),
        texts=TEXTS,
        pace=Pace(batch=20, at_once=5, within_s=5, lease=lease),
        measures=MessageMeasures(CollectorRegistry()),
    )


async def tell(database: Database, *items: str) -> None:
    async with database.transaction() as tx:
        await keep(tx, list(OFFICES.values()))
        await on_parcel_registered(tx, [registered(item) for item in items])
        await on_parcel_contacts(tx, [contacts(item) for item in items])
        await on_parcel_moved(tx, [moved(CustomerState.READY_FOR_COLLECTION, item, at=now()) for item in items])


async def received(database: Database) -> list[tuple[str, str, int]]:
    async with database.connection() as tx:
        records = await tx.fetch("select phone, body, received from development_inbox")
    return [(record["phone"], record["body"], record["received"]) for record in records]


async def drain(one: Sender) -> None:
    while await one.send():
        pass


async def test_events_become_messages_on_phones_and_outcomes_on_the_topic(notifications_database: Database) -> None:
    items = [number(serial) for serial in range(30)]
    await tell(notifications_database, *items)
    await drain(sender(notifications_database))
    messages = await received(notifications_database)
    assert len(messages) == 30
    assert all(phone == RECIPIENT_PHONE and "CTC Bati" in body and n == 1 for phone, body, n in messages)
    assert sorted(event["item_number"] for event in await told_outcomes(notifications_database)) == sorted(items)


async def test_a_step_without_work_says_so(notifications_database: Database) -> None:
    assert await sender(notifications_database).send() is False
    assert await sender(notifications_database).tidy() is False


@pytest.mark.parametrize("reached", [False, True], ids=["before it sent", "after it sent"])
async def test_a_sender_that_dies_is_made_up_for_without_a_second_message(
    notifications_database: Database, reached: bool
) -> None:
    await tell(notifications_database, number(1))
    dying = sender(notifications_database, lease=timedelta(0))
    started = asyncio.Event()
    real = dying.channels["sms"]

    class Dying:
        name = "sms"
        deduplicates = True

        async def send(self, outgoing: Outgoing) -> Accepted:
            if reached:
                await real.send(outgoing)
            started.set()
            await asyncio.Event().wait()
            raise AssertionError

    dying.channels["sms"] = Dying()  # type: ignore[index]
    step = asyncio.create_task(dying.send())
    await asyncio.wait_for(started.wait(), 5)
    step.cancel()
    await asyncio.wait([step])
    living = sender(notifications_database)
    await living.tidy()
    await drain(living)
    assert [n for _, _, n in await received(notifications_database)] == [2 if reached else 1]
    assert await states(notifications_database, number(1)) == {READY: "accepted"}


async def test_tidying_ends_what_is_late(notifications_database: Database) -> None:
    async with notifications_database.transaction() as tx:
        await on_parcel_moved(tx, [moved(CustomerState.READY_FOR_COLLECTION, at=now() - timedelta(days=11))])
    await sender(notifications_database).tidy()
    assert await states(notifications_database) == {READY: "expired"}


async def test_log_lines_and_measures_name_no_person(notifications_database: Database) -> None:
    one = sender(notifications_database)
    await tell(notifications_database, number(1))
    with capture_logs() as lines:
        await drain(one)
    (line,) = [line for line in lines if line["event"] == "message settled"]
    assert (line["item_number"], line["state"], line["channel"]) == (number(1), "accepted", "sms")
    assert len(line["trace_id"]) == 32
    assert not any(secret in str(lines) for secret in (RECIPIENT_PHONE[4:], SENDER_PHONE[4:], "Dara", "សុខា"))
