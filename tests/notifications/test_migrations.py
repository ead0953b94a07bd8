"""What stood in a table that is no more stands in the one that took its place, also for the release before."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import asyncpg

from services.notifications.main import MIGRATIONS
from shared.clock import now
from shared.db.migrate import read
from tests.notifications import release_before
from tests.notifications.samples import LEASE
from tests.support import databases
from tests.support.addresses import Addresses
from tests.support.waiting import until

CODES_ARE_MESSAGES = "0104_codes_are_messages.sql"
SQL: Mapping[str, str] = {one.name: one.sql for one in read([MIGRATIONS])}
KEPT = """message_id, request_id, language, traceparent, state, channel, attempts, created_at, not_before, deadline,
    lease_until, ended_at, provider_reference, reason"""
CODES = """
insert into code_message (message_id, request_id, language, traceparent, state, channel, attempts, created_at,
    not_before, deadline, lease_until, ended_at, provider_reference, reason)
select gen_random_uuid(), request_id, 'km', 'trace', state, channel, attempts, now(), now(),
    now() + interval '1 minute', case when state = 'sending' then now() end,
    case when state not in ('queued', 'sending') then now() end, reference, reason
from (values
    ('waits', 'queued', null, 0, null, null),
    ('again', 'queued', 'sms', 2, null, 'busy'),
    ('goes', 'sending', 'telegram', 1, null, null),
    ('went', 'accepted', 'sms', 1, 'ref', null),
    ('refused', 'failed', 'sms', 3, null, 'no-such-number'),
    ('late', 'expired', null, 0, null, null),
    ('perhaps', 'unknown', 'sms', 1, null, 'no-answer-in-time')
) as c (request_id, state, channel, attempts, reference, reason);
insert into code_to_send (message_id, phone, code)
select message_id, '+85512987654', '904817' from code_message where state in ('queued', 'sending');
"""


@asynccontextmanager
async def before_the_migration(servers: Addresses) -> AsyncIterator[tuple[asyncpg.Connection, asyncpg.Connection]]:
    """Lend two connections to tables as the release before has them, with codes in every state."""
    async with databases.fresh(servers, "notifications") as lent:
        owner, service = await asyncpg.connect(lent.owner_url), await asyncpg.connect(lent.owner_url)
        try:
            await owner.execute("create schema earlier; set search_path to earlier")
            # Plans are kept, as those of a process that runs are: they must be made anew for the view.
            await service.execute("set search_path to earlier; set plan_cache_mode to force_generic_plan")
            for name in sorted(name for name in SQL if name < CODES_ARE_MESSAGES):
                await owner.execute(SQL[name])
            await owner.execute(CODES)
            yield owner, service
        finally:
            await service.close()
            await owner.close()


async def test_codes_in_every_state_are_messages_afterwards_and_codes_still(servers: Addresses) -> None:
    async with before_the_migration(servers) as (owner, _):
        before = await owner.fetch(f"select {KEPT} from code_message order by request_id")

        await owner.execute(SQL[CODES_ARE_MESSAGES])

        after = await owner.fetch(f"select {KEPT} from message order by request_id")
        for_the_release_before = await owner.fetch(f"select {KEPT} from code_message order by request_id")
        told = await owner.fetchval("select count(*) from message join code_to_send using (message_id)")
        kinds = await owner.fetch("select distinct milestone, audience, item_number from message")

    assert len(before) == 7
    assert after == before
    assert for_the_release_before == before
    assert told == 3
    assert [tuple(kind) for kind in kinds] == [("sign_in_code", "member", None)]


async def test_a_sender_of_the_release_before_waits_for_the_migration_and_goes_on(servers: Addresses) -> None:
    async with before_the_migration(servers) as (owner, service):
        assert await service.fetch(release_before.CLAIM, now(), 0, now() + LEASE) == []

        async def is_waiting() -> bool:
            waits = "select exists (select 1 from pg_locks where not granted and pid = $1)"
            return bool(await owner.fetchval(waits, service.get_server_pid()))

        async with asyncio.TaskGroup() as group, owner.transaction():
            await owner.execute(SQL[CODES_ARE_MESSAGES])
            claiming = group.create_task(release_before.claim(service, now(), now() + LEASE))
            await until(is_waiting)
        claimed = claiming.result()
        settled = await release_before.settle(service, claimed, "accepted", now())
        tried = await owner.fetch("select request_id, attempts from message where ended_at > created_at")

    assert settled == {one["message_id"] for one in claimed}
    assert sorted(tuple(one) for one in tried) == [("again", 3), ("waits", 1)]
