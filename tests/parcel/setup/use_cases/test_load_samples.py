"""Samples: made-up offices, people and ranges, all marked as such, loaded once however often one asks."""

import json

import pytest

from services.parcel.numbers.store import numbers
from services.parcel.numbers.use_cases.grant_range import grant_range
from services.parcel.people.store import staff
from services.parcel.people.use_cases.judge_passphrase import judge_passphrase
from services.parcel.settings import ParcelSettings
from services.parcel.setup.entrypoints import samples
from services.parcel.setup.use_cases.load_samples import PLACES, SampleLogin, SampleOffice, load_samples
from shared.access import directory
from shared.access.passphrases import Passphrases
from shared.access.roles import Role
from shared.contracts.directory import ActorV1, OfficeV1
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from tests.support import databases
from tests.support.addresses import Addresses

DIGESTED = ("staff", "directory", "outbox", "number_range")


async def load(database: Database, passphrase_hash: str = "a hash") -> list[SampleLogin]:
    async with database.transaction() as tx:
        return await load_samples(tx, Outbox("parcel"), passphrase_hash)


async def held(database: Database) -> list[str]:
    async with database.connection() as connection:
        return [
            await connection.fetchval(f"select coalesce(json_agg(t order by t::text)::text, '') from {table} as t")
            for table in DIGESTED
        ]


async def test_loading_samples_twice_changes_nothing(parcel_db: Database) -> None:
    first = await load(parcel_db)
    before = await held(parcel_db)

    second = await load(parcel_db, "another hash")

    assert len(first) == 3 + len(json.loads(PLACES.read_bytes())["offices"])
    assert second == []
    assert await held(parcel_db) == before


async def test_everything_that_samples_bring_is_marked_as_such(parcel_db: Database) -> None:
    await load(parcel_db)

    async with parcel_db.connection() as connection:
        offices = await directory.all_of(connection, OfficeV1)
        assert await connection.fetchval("select count(*) from staff where not sample") == 0
        ranges = await numbers.ranges(connection)
    assert offices
    assert ranges
    assert all(office.sample for office in offices)
    assert all(one.provisional for one in ranges)


async def test_a_range_that_was_confirmed_stays_so(parcel_db: Database) -> None:
    await load(parcel_db)
    async with parcel_db.transaction() as tx:
        (granted,) = [one for one in await numbers.ranges(tx) if one.indicator == "PD"]
        await grant_range(tx, "PD", granted.first_serial, granted.last_serial, provisional=False)
    before = await held(parcel_db)

    await load(parcel_db)

    assert await held(parcel_db) == before


async def test_a_practice_may_have_more_offices_each_with_its_clerk(parcel_db: Database) -> None:
    await load(parcel_db)
    more = [SampleOffice(office="X0101", district_code="0101", name_en="Made-up CTC", name_km="សាកល្បង")]
    async with parcel_db.transaction() as tx:
        added = await load_samples(tx, Outbox("parcel"), "a hash", more)
        offices = {office.entry_id: office for office in await directory.all_of(tx, OfficeV1)}

    assert added == [SampleLogin("clerk-x0101", Role.CLERK, "X0101")]
    assert offices["X0101"].sample


async def test_every_sample_person_is_told_to_the_other_services(parcel_db: Database) -> None:
    added = await load(parcel_db)

    async with parcel_db.connection() as connection:
        actors = await directory.all_of(connection, ActorV1)
        told = await connection.fetchval("select count(*) from outbox where key like 'actor:%'")
    assert len(actors) == told == len(added)
    assert {(actor.role, actor.office) for actor in actors} == {(login.role.value, login.office) for login in added}


async def test_a_sample_person_who_was_disabled_stays_so(parcel_db: Database) -> None:
    await load(parcel_db)
    async with parcel_db.connection() as connection:
        await connection.execute("update staff set disabled_at = now() where name = 'admin'")
    before = await held(parcel_db)

    await load(parcel_db)

    assert await held(parcel_db) == before


async def test_loaded_people_sign_in_with_the_passphrase_given(servers: Addresses) -> None:
    async with databases.fresh(servers, "parcel") as lent:
        added = await samples.load(lent.service_url, "rice field at dawn")
        database = await Database.open(lent.service_url, pool_size=1, application="tests")
        passphrases = Passphrases()
        try:
            async with database.connection() as connection:
                person = await staff.by_name(connection, "admin")
            signed_in = await judge_passphrase(person, passphrases, "rice field at dawn")
        finally:
            passphrases.close()
            await database.close()

    assert SampleLogin("admin", Role.ADMINISTRATOR, None) in added
    assert signed_in.role is Role.ADMINISTRATOR


async def test_samples_need_a_passphrase_of_ones_own(settings: ParcelSettings) -> None:
    with pytest.raises(SystemExit, match="PARCEL_SAMPLE_PASSPHRASE"):
        await samples.load_samples_from_environment(settings)
