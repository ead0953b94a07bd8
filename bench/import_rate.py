"""P9: how long a shop's file of many parcels takes to become drafts, against a raw COPY of the same rows.

Ours is all that happens behind the requests: the file's pieces gathered, read, kept as portions, every row checked,
then checked once more and announced, each portion with its note of progress in a transaction of its own. The raw side
is one COPY, in binary, of the rows of `draft` that this left, with the same indexes and as durable; it spends nothing
on making them.
"""

import io
import time
from dataclasses import replace
from datetime import timedelta
from functools import cache

import asyncpg
import openpyxl

from bench.ground import Ground
from bench.metric import Metric
from bench.rounds import Measurement, interleave
from onebox.postgres.databases import ServiceDatabase
from services.parcel.imports.domain.draft_import import PIECE_BYTES, DraftImport, ImportState
from services.parcel.imports.domain.row import Defaults
from services.parcel.imports.entrypoints.import_runner import advance
from services.parcel.imports.store import imports, pieces
from services.parcel.imports.use_cases.start_import import begin_announcing
from services.parcel.posting.domain.person import Person
from services.parcel.setup.use_cases.load_samples import sample_places
from shared import clock
from shared.contracts.directory import OfficeV1
from shared.db.connection import Database
from shared.ids import new_id

PARCELS = 100_000
OFFICE = "TK02A"
LIFETIME = timedelta(days=30)
MUST, AIM = 4.0, 2.0
HEADER = ("Order", "ឈ្មោះ", "លេខទូរស័ព្ទ", "ការិយាល័យ", "COD", "Weight (g)", "អាសយដ្ឋាន")
NAMES = ("ចាន់ ធីតា", "Sok Dara", "វង្ស ពិសី", "Chan Sophea", "ហេង សុភា", "Kim Sreymom")


@cache
def offices() -> dict[str, OfficeV1]:
    """Return the offices of a trial set-up."""
    return {one.office: OfficeV1(**one.model_dump(), sample=True, version=1) for one in sample_places().offices}


def rows(parcels: int) -> list[tuple[str, ...]]:
    """Return the rows of a shop's file; no two have a phone or an order alike."""
    codes = sorted(offices())
    return [
        (
            f"W-{serial:06d}",
            NAMES[serial % len(NAMES)],
            f"012 {serial // 1000 % 900 + 100} {serial % 1000:03d}",
            codes[serial % len(codes)],
            f"{1_000 * (serial % 90 + 10):,}៛" if serial % 3 else "",
            str(100 + serial % 4_000),
            f"ផ្ទះ {serial % 300}, ភូមិ ១",
        )
        for serial in range(parcels)
    ]


@cache
def table(parcels: int = PARCELS) -> bytes:
    """Return the file as CSV."""
    lines = [",".join(f'"{cell}"' for cell in cells) for cells in (HEADER, *rows(parcels))]
    return "\r\n".join(lines).encode("utf-8-sig")


def workbook(parcels: int = PARCELS) -> bytes:
    """Return the file as a workbook."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for cells in (HEADER, *rows(parcels)):
        sheet.append(cells)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


async def import_file(database: Database, file: bytes) -> float:
    """Return the seconds from the last piece of a file to its last draft."""
    one = await _upload(database, file)
    began = time.perf_counter()
    while await advance(database, offices(), LIFETIME):
        pass
    looked_at_s = time.perf_counter() - began
    async with database.transaction() as tx:
        ready = await imports.lock(tx, one.import_id)
        assert ready is not None
        assert (ready.state, ready.refused) == (ImportState.READY, 0)
        await begin_announcing(tx, ready, clock.now())
    began = time.perf_counter()
    while await advance(database, offices(), LIFETIME):
        pass
    return looked_at_s + time.perf_counter() - began


async def ours(ground: Ground, file: bytes) -> float:
    """Import the file into a fresh database; every parcel must be there."""
    async with ground.database("parcel") as lent:
        database = await Database.open(lent.service_url, pool_size=2, application="bench")
        try:
            took_s = await import_file(database, file)
            async with database.connection() as connection:
                assert await connection.fetchval("select count(*) from draft") == PARCELS
        finally:
            await database.close()
    return took_s


async def raw(ground: Ground, copied: bytes) -> float:
    """Return the seconds that one COPY of the rows takes, with its commit."""
    async with ground.database("parcel") as lent:
        connection = await asyncpg.connect(lent.service_url)
        try:
            began = time.perf_counter()
            await connection.copy_to_table("draft", source=io.BytesIO(copied), format="binary")
            took_s = time.perf_counter() - began
            assert await connection.fetchval("select count(*) from draft") == PARCELS
        finally:
            await connection.close()
    return took_s


async def measure(ground: Ground) -> Measurement:
    """Measure both in turn; a workbook of the same rows once, which stands beside."""
    file = table()
    async with ground.database("parcel") as lent:
        copied = await written_rows(lent, file)
    rounds = await interleave(lambda: ours(ground, file), lambda: raw(ground, copied), ground.rounds)
    return Measurement(
        rounds,
        details={
            "megabytes of the file": len(file) / 1e6,
            "megabytes that the raw side copies": len(copied) / 1e6,
            "seconds from a workbook of the same rows": await ours(ground, workbook()),
        },
    )


METRIC = Metric(
    name="P9",
    sentence=f"{PARCELS:,} parcels of a shop's file imported: read, checked, announced",
    raw="one COPY of the same rows into the same table",
    unit="s",
    must=MUST,
    aim=AIM,
    measure=measure,
    higher_is_better=False,
    code=("shared/db", "services/parcel/drafts", "services/parcel/imports"),
)


async def _upload(database: Database, file: bytes) -> DraftImport:
    sender = Person("Sok Dara", "+85512345678", "km", ())
    now = clock.now()
    one = DraftImport(new_id(), new_id(), OFFICE, "bench.csv", Defaults(sender), "bench", now, now)
    parts = [file[at : at + PIECE_BYTES] for at in range(0, len(file), PIECE_BYTES)]
    async with database.transaction() as tx:
        await imports.add(tx, one)
        for piece_no, part in enumerate(parts, 1):
            await pieces.keep(tx, one.import_id, "file", piece_no, part)
        await imports.change(tx, replace(one, state=ImportState.READING, pieces=len(parts)), now)
    return one


async def written_rows(lent: ServiceDatabase, file: bytes) -> bytes:
    """Import the file once and return the rows of its drafts as COPY writes them."""
    database = await Database.open(lent.service_url, pool_size=2, application="bench")
    try:
        await import_file(database, file)
        copied = io.BytesIO()
        async with database.connection() as connection:
            await connection.copy_from_table("draft", output=copied, format="binary")
        return copied.getvalue()
    finally:
        await database.close()
