import asyncpg

from bench.raw_registration import COPIES, STATEMENT, read_samples
from bench.sample_parcel import register_samples
from bench.simulated_bodies import BODIES
from tests.support import databases
from tests.support.addresses import Addresses

BYTES = """
    select sum(pg_column_size(parcel)) as parcel, sum(pg_column_size(request)) as request,
        (select sum(pg_column_size(outbox)) from outbox where (key like $1) = $2) as outbox
    from parcel join request using (item_number) where (item_number like $1) = $2
"""
PHONES = "select count(distinct sender_phone), count(distinct recipient_phone), count(*) from parcel"


async def test_copies_are_as_large_as_what_the_service_wrote_for_the_same_bodies(servers: Addresses) -> None:
    async with databases.fresh(servers, "parcel") as lent:
        await register_samples(lent.service_url)
        connection = await asyncpg.connect(lent.service_url)
        samples = await read_samples(connection)
        for serial in range(BODIES, 2 * BODIES):
            await connection.fetch(STATEMENT, *samples[serial % BODIES].row(serial))
        copied = await connection.fetchrow(BYTES, f"{COPIES}%", True)
        assert copied == await connection.fetchrow(BYTES, f"{COPIES}%", False)
        phones = await connection.fetchrow(PHONES)
        assert phones is not None
        assert set(phones.values()) == {2 * BODIES}
        await connection.close()
