"""What P9 measures is an import as the service does it, and the raw side copies the same rows."""

import io

import asyncpg
import pytest

from bench.import_rate import import_file, table, workbook, written_rows
from services.parcel.imports.domain.draft_import import PORTION_ROWS
from shared.db.connection import Database
from tests.support import databases
from tests.support.addresses import Addresses

PARCELS = PORTION_ROWS + 20
COUNT = "select count(*), count(distinct serial), count(distinct announced #>> '{recipient,phone}') from draft"


@pytest.mark.parametrize("file", [table(PARCELS), workbook(PARCELS)], ids=["table", "workbook"])
async def test_every_row_of_the_file_becomes_a_draft(servers: Addresses, file: bytes) -> None:
    async with databases.fresh(servers, "parcel") as lent:
        database = await Database.open(lent.service_url, pool_size=2, application="tests")
        try:
            assert await import_file(database, file) > 0
            async with database.connection() as connection:
                record = await connection.fetchrow(COUNT)
        finally:
            await database.close()
    assert record is not None
    assert set(record.values()) == {PARCELS}


async def test_the_raw_side_copies_the_rows_that_the_import_left(servers: Addresses) -> None:
    async with databases.fresh(servers, "parcel") as lent:
        copied = await written_rows(lent, table(PARCELS))
    async with databases.fresh(servers, "parcel") as lent:
        connection = await asyncpg.connect(lent.service_url)
        try:
            await connection.copy_to_table("draft", source=io.BytesIO(copied), format="binary")
            assert await connection.fetchval("select count(*) from draft") == PARCELS
        finally:
            await connection.close()
