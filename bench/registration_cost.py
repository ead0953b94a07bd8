"""P13: what a registration costs in statements, commits and log, through the registrar and by its statement alone.

Counters of the server, which neither the machine nor other load changes.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import asyncpg

from bench.ground import Ground
from bench.metric import Metric
from bench.rounds import Measurement, Round
from onebox.postgres import databases
from services.parcel.domain.people import Person
from services.parcel.domain.registration import RegisterParcel
from services.parcel.entrypoints.bodies import ParcelView
from services.parcel.entrypoints.registrar import Registrar
from services.parcel.use_cases.register_parcels import Asked, digest, register_parcels
from shared import clock, trace
from shared.db.connection import Database
from shared.ids import new_id
from shared.messaging.outbox import Outbox
from shared.s10 import ItemNumber
from shared.sealing import KEY_BYTES, KeyRing

PARCELS = 640
AT_ONCE = 32


async def measure(ground: Ground) -> Measurement:
    """Compare the log bytes of a registration, ours one at a time, with those of its statement alone."""
    async with ground.database("parcel") as lent:
        costs = await compare(lent.service_url, databases.url_of(ground.postgres_url, lent.name))
    alone, one_at_a_time, together = costs.values()
    return Measurement(
        [Round(one_at_a_time.wal_bytes, alone.wal_bytes)],
        details={"statements": one_at_a_time.statements, "commits, 32 at once": together.commits},
        shortfalls=[] if one_at_a_time.statements <= 1 and one_at_a_time.commits <= 1 else ["more than one statement"],
    )


METRIC = Metric(
    name="P13",
    sentence="bytes of the log that a registration writes",
    raw="its statement alone",
    unit="bytes",
    must=1.3,
    aim=1.3,
    measure=measure,
    higher_is_better=False,
)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one registration took on average."""

    statements: float
    commits: float
    wal_bytes: float


async def compare(service_url: str, admin_url: str) -> dict[str, Cost]:
    """Return the cost of the statement alone, of ours one at a time, and of ours when several wait together."""
    database = await Database.open(service_url, pool_size=4, application="bench")
    outbox = Outbox("parcel", KeyRing("k", {"k": bytes(KEY_BYTES)}))
    registrar = Registrar(database, outbox)
    writing = asyncio.create_task(registrar.run())

    async def alone(first: int) -> None:
        async with database.connection() as connection:
            for serial in range(first, first + PARCELS):
                await register_parcels(
                    connection,
                    outbox,
                    [_asked(serial)],
                    lambda parcel: ParcelView.of(parcel).model_dump_json().encode(),
                    clock.now(),
                )

    async def one_at_a_time(first: int) -> None:
        for serial in range(first, first + PARCELS):
            await registrar.register(_asked(serial))

    async def together(first: int) -> None:
        for portion in range(first, first + PARCELS, AT_ONCE):
            await asyncio.gather(*(registrar.register(_asked(portion + place)) for place in range(AT_ONCE)))

    try:
        ways = {"statement alone": alone, "ours, one at a time": one_at_a_time, f"ours, {AT_ONCE} at once": together}
        return {name: await _cost(admin_url, way, place * PARCELS) for place, (name, way) in enumerate(ways.items())}
    finally:
        writing.cancel()
        await database.close()


async def _cost(admin_url: str, way: Callable[[int], Awaitable[None]], first: int) -> Cost:
    connection = await asyncpg.connect(admin_url)
    try:
        for extension in ("pg_stat_statements", "pg_walinspect"):
            await connection.execute(f"create extension if not exists {extension}")
        await connection.execute("checkpoint")
        await connection.execute("select pg_stat_statements_reset()")
        begin = await connection.fetchval("select pg_current_wal_insert_lsn()")
        await way(first)
        return await _counted(connection, begin)
    finally:
        await connection.close()


async def _counted(connection: asyncpg.Connection, begin: str) -> Cost:
    statements = await connection.fetchval(
        "select sum(calls) from pg_stat_statements join pg_roles on oid = userid where rolname = 'parcel_service'"
    )
    end = await connection.fetchval("select pg_current_wal_flush_lsn()")
    wal_bytes = await connection.fetchval("select $1::pg_lsn - $2::pg_lsn", end, begin)
    commits = await connection.fetchval(
        """
        select count(*) from pg_get_wal_records_info($1::pg_lsn, $2::pg_lsn)
        where resource_manager = 'Transaction' and record_type = 'COMMIT'
        """,
        begin,
        end,
    )
    return Cost(int(statements) / PARCELS, commits / PARCELS, int(wal_bytes) / PARCELS)


def _asked(serial: int) -> Asked:
    sender = Person("Sender of Bati", "+85512345678", "en")
    recipient = Person("អ្នកទទួល", "+855971234567", "km", ("Tram Kak",))
    command = RegisterParcel(
        "TK02A", "parcel", "KH", "TK09A", 1_200, None, None, None, sender, recipient, order_reference=None
    )
    number = ItemNumber("PD", 10_000_000 + serial, "KH")
    return Asked("bench", str(new_id()), command, digest(b"bench"), number, "bench", trace.new_traceparent())
