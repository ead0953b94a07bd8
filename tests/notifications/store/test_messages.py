"""The statements of table message that must stay fast."""

from datetime import timedelta

from services.notifications.store import messages
from services.notifications.use_cases.decide_messages import decide_messages
from services.notifications.use_cases.remember_contacts import remember_contacts
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from tests.notifications.samples import LEASE, NOON, contacts, moved, number

ITEMS = [number(serial) for serial in range(2000)]


async def test_claiming_reads_the_due_messages_and_no_others(notifications_database: Database) -> None:
    async with notifications_database.transaction() as tx:
        await remember_contacts(tx, [contacts(item) for item in ITEMS], NOON)
        await decide_messages(tx, [moved(CustomerState.READY_FOR_COLLECTION, item) for item in ITEMS], NOON)
        await tx.execute("update message set state = 'accepted', ended_at = $1", NOON)
        await decide_messages(tx, [moved(CustomerState.LOST, item) for item in ITEMS[:20]], NOON)
    async with notifications_database.transaction() as tx:
        await tx.execute("analyze")
        queries: list[str] = []
        with tx.query_logger(lambda query: queries.append(query.query)):
            assert len(await messages.claim(tx, 10, NOON, NOON + LEASE)) == 10
    async with notifications_database.transaction() as tx:
        claim = next(query for query in queries if "for update of m skip locked" in query)
        plan = await tx.fetch("explain " + claim, NOON, 10, NOON + LEASE)
    steps = "\n".join(row[0] for row in plan)
    assert "message_due" in steps
    assert "Seq Scan on message" not in steps
    assert "Seq Scan on contact" not in steps


async def plan_of(database: Database, query: str, *values: object) -> str:
    async with database.transaction() as tx:
        await tx.execute("set local enable_seqscan = off")
        return "\n".join(row[0] for row in await tx.fetch("explain " + query, *values))


async def test_counting_what_is_open_reads_no_ended_message(notifications_database: Database) -> None:
    queries: list[str] = []
    async with notifications_database.transaction() as tx:
        with tx.query_logger(lambda query: queries.append(query.query)):
            assert await messages.count_open(tx) == {}
    plan = await plan_of(notifications_database, next(query for query in queries if "union all" in query))
    assert "Seq Scan" not in plan


async def test_open_messages_are_counted_by_state(notifications_database: Database) -> None:
    async with notifications_database.transaction() as tx:
        await remember_contacts(tx, [contacts(ITEMS[0])], NOON)
        await decide_messages(tx, [moved(CustomerState.LOST, item) for item in ITEMS[:3]], NOON)
        await messages.claim(tx, 1, NOON, NOON + LEASE)
        await decide_messages(tx, [moved(CustomerState.STOPPED, ITEMS[0])], NOON + timedelta(seconds=1))
        assert await messages.count_open(tx) == {"sending": 1, "queued": 1, "waiting_contact": 2}
