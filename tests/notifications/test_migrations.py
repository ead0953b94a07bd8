"""What stood in a table that is no more stands in the one that took its place."""

import asyncpg

from services.notifications.main import MIGRATIONS
from shared.db.migrate import read
from tests.support import databases
from tests.support.addresses import Addresses

CODES_ARE_MESSAGES = "0104_codes_are_messages.sql"
KEPT = """message_id, request_id, language, traceparent, state, channel, attempts, created_at, not_before, deadline,
    lease_until, ended_at, provider_reference, reason"""
CODES = """
insert into code_message (message_id, request_id, language, traceparent, state, channel, attempts, created_at,
    not_before, deadline, lease_until, ended_at, provider_reference, reason)
values
    (gen_random_uuid(), 'waits', 'km', 't1', 'queued', null, 0, now(), now(), now(), null, null, null, null),
    (gen_random_uuid(), 'again', 'en', 't2', 'queued', 'sms', 2, now(), now(), now(), null, null, null, 'busy'),
    (gen_random_uuid(), 'goes', 'en', 't3', 'sending', 'telegram', 1, now(), now(), now(), now(), null, null, null),
    (gen_random_uuid(), 'went', 'en', 't4', 'accepted', 'sms', 1, now(), now(), now(), null, now(), 'ref', null);
insert into code_to_send (message_id, phone, code)
select message_id, '+85512987654', '904817' from code_message where state in ('queued', 'sending');
"""


async def test_codes_under_way_and_ended_are_messages_afterwards(servers: Addresses) -> None:
    migrations = {one.name: one.sql for one in read([MIGRATIONS])}
    async with databases.fresh(servers, "notifications") as lent:
        owner = await asyncpg.connect(lent.owner_url)
        try:
            await owner.execute("create schema earlier; set search_path to earlier")
            for name in sorted(name for name in migrations if name < CODES_ARE_MESSAGES):
                await owner.execute(migrations[name])
            await owner.execute(CODES)
            before = await owner.fetch(f"select {KEPT} from code_message order by request_id")

            await owner.execute(migrations[CODES_ARE_MESSAGES])

            after = await owner.fetch(f"select {KEPT} from message order by request_id")
            told = await owner.fetchval("select count(*) from message join code_to_send using (message_id)")
            kinds = await owner.fetch("select distinct milestone, audience, item_number from message")
            assert await owner.fetchval("select to_regclass('code_message')") is None
        finally:
            await owner.close()

    assert len(before) == 4
    assert after == before
    assert told == 3
    assert [tuple(kind) for kind in kinds] == [("sign_in_code", "member", None)]
