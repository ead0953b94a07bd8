"""`ctcpost rebuild` as an operator types it."""

import asyncio
import json
import os
import sys

from shared.db.connection import Database
from tests.support import databases
from tests.support.addresses import ROOT, Addresses
from tests.tracking.rebuilding import append, some_scans

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


async def ctcpost(tracking: str, owner: str, *arguments: str) -> tuple[int, str, str]:
    """Run the command; returns its exit status and what it says."""
    told = {
        "PARCEL_DATABASE_URL": NOWHERE,
        "NOTIFICATIONS_DATABASE_URL": NOWHERE,
        "TRACKING_DATABASE_URL": tracking,
        "TRACKING_OWNER_DATABASE_URL": owner,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "onebox.ctcpost", *arguments, cwd=ROOT, env=os.environ | told, stdout=-1, stderr=-1
    )
    async with asyncio.timeout(60):
        out, err = await process.communicate()
    return await process.wait(), out.decode(), err.decode()


async def test_the_command_rebuilds_and_says_what_it_did(servers: Addresses) -> None:
    async with databases.fresh(servers, "tracking") as lent:
        database = await Database.open(lent.service_url, pool_size=1, application="tests")
        await append(database, some_scans(90, of=12))
        async with database.transaction() as tx:
            await tx.execute("update journey set last_office = 'NOWHERE' where item_number = $1", "PC000000005KH")
        await database.close()

        status, said, _ = await ctcpost(lent.service_url, lent.owner_url, "rebuild")
        again, data, _ = await ctcpost(lent.service_url, lent.owner_url, "rebuild", "--json")

    assert (status, again) == (0, 0)
    assert "90 scans folded" in said
    assert "1 wrong, 0 missing, 0 surplus (such as PC000000005KH)" in said
    assert json.loads(data)["faults"] == {"wrong": 0, "missing": 0, "surplus": 0}


async def test_a_database_that_is_away_is_one_sentence() -> None:
    status, _, said = await ctcpost(NOWHERE, NOWHERE, "rebuild")

    assert status == 1
    assert said.startswith("A server does not answer as it should")
    assert len(said.splitlines()) == 1
