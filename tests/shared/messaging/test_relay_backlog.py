"""Looking at a long backlog costs the relay no more than at a short one, whatever the planner thinks is there."""

from typing import Any, cast

import asyncpg
import orjson
import pytest

from onebox.postgres.databases import ServiceDatabase
from shared.db.connection import Database, Tx
from shared.messaging import outbox
from shared.messaging.outbox import Outbox
from shared.messaging.relay import SETTINGS
from tests.shared.messaging.notes import Note

BACKLOG = 3_000
LOOKS_BEFORE_A_PLAN_IS_KEPT = 6


class Explained:
    """In place of a connection: has the server say how many rows each step of a statement gave."""

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection
        self.most_rows = 0

    async def fetch(self, statement: str, *arguments: object) -> list[Any]:
        await self._connection.execute("deallocate all")
        kinds = "bigint, integer, bigint[]"
        await self._connection.execute(f"prepare look ({kinds}) as {statement}")
        values = ", ".join(str(one) if isinstance(one, int) else "'{}'" for one in arguments)
        for _ in range(LOOKS_BEFORE_A_PLAN_IS_KEPT):
            told = await self._connection.fetchval(f"explain (analyze, format json) execute look ({values})")
            self.most_rows = max(self.most_rows, _most_rows(orjson.loads(told)[0]["Plan"]))
        return []


def _most_rows(step: dict[str, Any]) -> int:
    below = [_most_rows(one) for one in step.get("Plans", ())]
    return int(max([step["Actual Rows"] * step["Actual Loops"], *below]))


@pytest.mark.parametrize(("settings", "held"), [(SETTINGS, True), ({}, False)])
async def test_a_look_reads_what_it_hands_out_though_nothing_waited_when_rows_were_counted(
    database: Database, lent: ServiceDatabase, settings: dict[str, str], *, held: bool
) -> None:
    box = Outbox("tracking")
    async with database.transaction() as tx:
        await box.append(tx, [Note(item=f"sent {place}", number=1) for place in range(BACKLOG)])
        await outbox.mark_sent(tx, await outbox.unsent(tx, 0, BACKLOG))
    owner = await asyncpg.connect(lent.owner_url, statement_cache_size=0, server_settings=settings)
    try:
        await owner.execute("analyze outbox")
        looked = Explained(owner)
        # In one transaction, so that nobody counts these rows before they are looked at.
        async with owner.transaction():
            await box.append(owner, [Note(item=f"waits {place}", number=1) for place in range(BACKLOG)])
            await outbox.unsent(cast("Tx", looked), 0, 50)
        assert (looked.most_rows <= 50) is held, looked.most_rows
    finally:
        await owner.close()
