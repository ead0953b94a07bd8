"""Deciding, when a parcel moves, who is told what."""

import asyncio
from datetime import timedelta

from services.notifications.use_cases.decide_messages import decide_messages
from services.notifications.use_cases.release_missed_messages import release_missed_messages
from services.notifications.use_cases.remember_contacts import remember_contacts
from shared.contracts.states import CustomerState
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Database
from tests.notifications.samples import NOON, NUMBER, contacts, moved, number, states

READY = ("ready_for_collection", "recipient")


async def decide(database: Database, *events: ParcelMovedV1) -> int:
    async with database.transaction() as tx:
        return await decide_messages(tx, events, NOON)


async def remember(database: Database, item_number: str = NUMBER) -> None:
    async with database.transaction() as tx:
        await remember_contacts(tx, [contacts(item_number)], NOON)


async def test_a_message_is_queued_where_the_contact_is_known(notifications_database: Database) -> None:
    await remember(notifications_database)
    assert await decide(notifications_database, moved(CustomerState.READY_FOR_COLLECTION)) == 1
    assert await states(notifications_database) == {READY: "queued"}


async def test_a_message_waits_where_the_contact_has_not_come(notifications_database: Database) -> None:
    await decide(notifications_database, moved(CustomerState.READY_FOR_COLLECTION))
    assert await states(notifications_database) == {READY: "waiting_contact"}


async def test_the_same_milestone_is_told_once_whatever_is_read_again(notifications_database: Database) -> None:
    await remember(notifications_database)
    event = moved(CustomerState.READY_FOR_COLLECTION)
    assert await decide(notifications_database, event, event) == 1
    assert await decide(notifications_database, event, moved(CustomerState.READY_FOR_COLLECTION)) == 0
    assert await states(notifications_database) == {READY: "queued"}


async def test_accepted_and_in_transit_are_one_piece_of_news(notifications_database: Database) -> None:
    assert await decide(notifications_database, moved(CustomerState.IN_TRANSIT), moved(CustomerState.ACCEPTED)) == 1


async def test_a_number_used_again_is_told_again(notifications_database: Database) -> None:
    await decide(notifications_database, moved(CustomerState.DELIVERED))
    assert await decide(notifications_database, moved(CustomerState.DELIVERED, journey_no=2)) == 1


async def test_a_movement_that_is_no_news_writes_nothing(notifications_database: Database) -> None:
    assert await decide(notifications_database, moved(CustomerState.ARRIVED)) == 0
    assert await states(notifications_database) == {}


async def test_a_batch_of_500_movements_is_one_statement(notifications_database: Database) -> None:
    events = [moved(CustomerState.RETURNING, number(serial)) for serial in range(500)]
    statements: list[str] = []
    async with notifications_database.transaction() as tx:
        await decide_messages(tx, [moved(CustomerState.LOST)], NOON)
        with tx.query_logger(lambda query: statements.append(query.query)):
            assert await decide_messages(tx, events, NOON) == 1000
    assert len(statements) == 1


async def test_replays_side_by_side_neither_tell_twice_nor_block_each_other(notifications_database: Database) -> None:
    events = [moved(CustomerState.RETURNING, number(serial)) for serial in range(50)]
    told = await asyncio.gather(
        decide(notifications_database, *events),
        decide(notifications_database, *reversed(events)),
        decide(notifications_database, *events[25:], *events[:25]),
    )
    assert sum(told) == 100


async def test_a_message_and_a_contact_that_did_not_see_each_other_are_joined(notifications_database: Database) -> None:
    async with notifications_database.transaction() as unseen:
        await remember_contacts(unseen, [contacts()], NOON)
        await decide(notifications_database, moved(CustomerState.READY_FOR_COLLECTION))
    assert await states(notifications_database) == {READY: "waiting_contact"}
    async with notifications_database.transaction() as tx:
        assert await release_missed_messages(tx, 10, NOON + timedelta(seconds=5)) == 1
    assert await states(notifications_database) == {READY: "queued"}


async def test_a_missed_message_is_joined_however_long_ago_it_was(notifications_database: Database) -> None:
    await decide(notifications_database, moved(CustomerState.READY_FOR_COLLECTION))
    async with notifications_database.transaction() as tx:
        await tx.execute(
            "insert into contact (item_number, audience, name, phone, language, version)"
            " values ($1, 'recipient', 'Sok Dara', '+855971234567', 'en', 1)",
            NUMBER,
        )
        assert await release_missed_messages(tx, 10, NOON + timedelta(days=1)) == 1
