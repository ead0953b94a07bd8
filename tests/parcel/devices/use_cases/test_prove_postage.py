"""A price that was given without a line is proven by the bundle of then, whatever tariff, rate and offices are now."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI

from services.parcel.devices.domain.bundle import BundleNotFound, BundleTooOld
from services.parcel.devices.use_cases.forget_old_bundles import forget_old_bundles
from services.parcel.devices.use_cases.prove_postage import prove_postage
from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.postage import Postage
from services.parcel.posting.domain.registration import RegisterParcel
from services.parcel.pricing.domain import tariff
from services.parcel.pricing.domain.tariff import NoTariffInForce
from shared.access import directory
from shared.access.roles import Role
from shared.clock import LOCAL, now
from shared.db.connection import Database
from shared.editions import Editions
from shared.errors import Invalid
from shared.ids import new_id
from tests.access.signed_in import office_entry
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.counter import Counter
from tests.parcel.devices.bundles import got
from tests.parcel.devices.counter_device import enrolled

NOBODY = Person("Sok Dara", "+85512345678", "km")
COMMAND = RegisterParcel(HOME, "parcel", "KH", AWAY, 1_200, None, None, None, NOBODY, NOBODY, None, fits_limits=True)


async def rate(counter: Counter, riel_per_usd: int) -> None:
    path = f"/exchange-rates/{now().astimezone(LOCAL).date()}"
    headers = counter.signed_in(Role.ADMINISTRATOR)
    answer = await counter.client.put(path, json={"riel_per_usd": riel_per_usd}, headers=headers)
    assert answer.is_success, answer.text


async def bundle_of(counter: Counter, office: str = HOME) -> UUID:
    return UUID((await got(await enrolled(counter, office), counter.key)).manifest["bundle_id"])


async def proven(
    database: Database, bundle_id: UUID, command: RegisterParcel = COMMAND, at: datetime | None = None
) -> Postage:
    async with database.connection() as connection:
        return await prove_postage(connection, bundle_id, command, (), at or now())


async def test_a_price_is_the_one_of_the_bundle_after_the_rate_was_set_again(
    counter: Counter, parcel_db: Database
) -> None:
    await rate(counter, 4_000)
    before = await bundle_of(counter)
    await rate(counter, 4_100)

    kept, later = await proven(parcel_db, before), await proven(parcel_db, await bundle_of(counter))

    assert kept.price.usd is not None
    assert later.price.usd is not None
    assert (kept.price.usd.riel_per_usd, later.price.usd.riel_per_usd) == (4_000, 4_100)
    assert kept.price.total_riel == later.price.total_riel


async def test_a_price_is_the_one_of_the_bundle_after_an_office_moved(
    app: FastAPI, counter: Counter, parcel_db: Database
) -> None:
    before = await bundle_of(counter)
    near = await proven(parcel_db, before)
    async with parcel_db.transaction() as tx:
        await directory.keep(tx, [office_entry(AWAY, 2).model_copy(update={"district_code": "0801"})])
    await app.state.service.directory.refresh(parcel_db)

    assert await proven(parcel_db, before) == near
    assert (await proven(parcel_db, await bundle_of(counter))).price.zone != near.price.zone


async def test_a_price_is_the_one_of_the_bundle_after_the_file_of_its_tariff_was_changed(
    counter: Counter, parcel_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await bundle_of(counter)
    kept = await proven(parcel_db, before)
    changed = [
        one.model_copy(update={"money": one.money.model_copy(update={"nearest_riel": 10_000})})
        for one in tariff.editions().by_version.values()
    ]
    monkeypatch.setattr(tariff, "editions", lambda: Editions(changed))

    assert await proven(parcel_db, before) == kept
    assert tariff.tariff_of(kept.price.tariff_version).money.nearest_riel == 10_000


async def test_a_bundle_of_another_office_proves_nothing(counter: Counter, parcel_db: Database) -> None:
    others = await bundle_of(counter, AWAY)

    with pytest.raises(BundleNotFound):
        await proven(parcel_db, others)
    with pytest.raises(BundleNotFound):
        await proven(parcel_db, new_id())


async def test_nobody_works_by_a_bundle_longer_than_a_pass_lives(counter: Counter, parcel_db: Database) -> None:
    bundle_id = await bundle_of(counter)

    await proven(parcel_db, bundle_id, at=now() + timedelta(days=13))
    with pytest.raises(BundleTooOld):
        await proven(parcel_db, bundle_id, at=now() + timedelta(days=14, minutes=1))


async def test_a_day_of_which_the_bundle_has_no_tariff_has_no_price(counter: Counter, parcel_db: Database) -> None:
    bundle_id = await bundle_of(counter)

    with pytest.raises(NoTariffInForce):
        await proven(parcel_db, bundle_id, at=now() - timedelta(days=800))


async def test_a_bundle_is_forgotten_when_no_record_can_name_it(counter: Counter, parcel_db: Database) -> None:
    young, old = await bundle_of(counter), await bundle_of(counter, AWAY)
    async with parcel_db.connection() as connection:
        await connection.execute(
            "update bundle set given_at = given_at - interval '401 days' where bundle_id = $1", old
        )
        await forget_old_bundles(connection)

        assert [row[0] for row in await connection.fetch("select bundle_id from bundle")] == [young]
    assert (await proven(parcel_db, young)).price.total_riel > 0


async def test_what_cannot_be_sold_has_no_price_by_a_bundle_either(counter: Counter, parcel_db: Database) -> None:
    bundle_id = await bundle_of(counter)

    with pytest.raises(Invalid):
        await proven(parcel_db, bundle_id, replace(COMMAND, collecting_office="XX99Z"))
