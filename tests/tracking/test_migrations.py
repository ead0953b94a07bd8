"""What is on its way as a migration comes goes on afterwards."""

from collections.abc import Mapping

import asyncpg

from services.tracking.main import MIGRATIONS
from shared.db.migrate import read
from tests.support import databases
from tests.support.addresses import Addresses

CLEARANCES = "0103_clearances.sql"
SQL: Mapping[str, str] = {one.name: one.sql for one in read([MIGRATIONS])}
JOURNEYS = """
insert into journey (item_number, journey_no, version, state, states_told, opened_at, ended_at, registered,
    destination_country)
values ('goes abroad', 1, 1, 'in_transit', '{}', now(), null, true, 'KR'),
    ('came again', 1, 1, 'delivered', '{}', now(), now(), true, 'KR'),
    ('came again', 2, 1, 'in_transit', '{}', now(), null, true, 'KR'),
    ('stays here', 1, 1, 'in_transit', '{}', now(), null, true, 'KH'),
    ('is nobody''s', 1, 1, 'in_transit', '{}', now(), null, false, null),
    ('is there', 1, 1, 'delivered', '{}', now(), now(), true, 'KR')
"""


async def test_what_was_on_its_way_abroad_before_completions_were_heard_may_leave(servers: Addresses) -> None:
    async with databases.fresh(servers, "tracking") as lent:
        owner = await asyncpg.connect(lent.owner_url)
        try:
            await owner.execute("create schema earlier; set search_path to earlier")
            for name in sorted(name for name in SQL if name < CLEARANCES):
                await owner.execute(SQL[name])
            await owner.execute(JOURNEYS)

            await owner.execute(SQL[CLEARANCES])

            cleared = await owner.fetch(
                "select item_number from clearance where advance_data_completed_at is not null order by 1"
            )
        finally:
            await owner.close()
    assert [row["item_number"] for row in cleared] == ["came again", "goes abroad"]
