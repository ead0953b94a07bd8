"""A price is reckoned again over HTTP and is the same, whatever became of office, rate and tariff since."""

from datetime import timedelta

import pytest

from services.parcel.posting.use_cases.erase_people import erase_people
from services.parcel.pricing.domain import tariff
from services.parcel.pricing.domain.tariff import Tariff, editions
from shared.access.roles import Role
from shared.clock import LOCAL, now
from shared.db.connection import Database
from shared.editions import Editions
from shared.messaging.outbox import Outbox
from shared.sealing import KeyRing
from tests.parcel.bodies import AWAY, HOME, parcel_body
from tests.parcel.counter import Counter, refusal
from tests.parcel.posting.entrypoints.test_registration_http import set_rate

LARGE = parcel_body(
    service="ems",
    length_mm=700,
    width_mm=400,
    height_mm=300,
    options=["advice_of_receipt"],
    insured_value={"amount_minor": 12_345, "currency": "USD"},
    cod={"amount_minor": 200_000},
)


def with_a_dearer_one() -> Editions[Tariff]:
    """Return the tariffs there are, and a newer one from today on in which all postage costs ten times as much."""
    today = now().astimezone(LOCAL).date()
    *earlier, last = editions().by_version.values()
    raw = last.model_dump() | {"version": "newer", "valid_from": today}
    for offer in raw["services"].values():
        for postage in offer["postage"].values():
            postage["first"] = [(up_to_g, 10 * riel) for up_to_g, riel in postage["first"]]
    replaced = last.model_copy(update={"valid_until": today - timedelta(days=1)})
    return Editions([*earlier, replaced, Tariff.model_validate(raw)])


async def move(counter: Counter, office: str, district: str) -> None:
    body = {"name_km": "x", "name_en": "x", "office_kind": "ctc", "district_code": district}
    answer = await counter.client.put(f"/offices/{office}", json=body, headers=counter.signed_in(Role.ADMINISTRATOR))
    assert answer.is_success, answer.text


async def test_a_kept_price_comes_out_again_though_office_rate_and_tariff_are_others(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_rate(counter, 4_000)
    parcel = (await counter.register(LARGE)).json()
    price = parcel["postage"]["price"]
    charged = [line["code"] for line in price["lines"]]
    assert charged == ["postage", "advice_of_receipt", "oversize", "insurance", "cod_fee"]

    await move(counter, HOME, "1710")
    await set_rate(counter, 4_400)
    newer = with_a_dearer_one()
    monkeypatch.setattr(tariff, "editions", lambda: newer)
    today = (await counter.register(LARGE)).json()["postage"]["price"]
    answer = await counter.get(f"/parcels/{parcel['item_number']}/price")

    assert (answer.status_code, answer.json()["same"]) == (200, True), answer.text
    assert answer.json()["kept"] == answer.json()["recomputed"] == price
    differing = ("zone", "tariff_version", "total_riel", "lines")
    assert [today[name] != price[name] for name in differing] == [True] * len(differing)
    assert (price["usd"]["riel_per_usd"], today["usd"]["riel_per_usd"]) == (4_000, 4_400)


async def test_the_price_of_a_parcel_whose_people_were_forgotten_is_reckoned_too(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    number = await counter.registered()
    await counter.cancel(number)
    async with parcel_db.transaction() as tx:
        assert await erase_people(tx, Outbox("parcel", key_ring), timedelta(0), now() + timedelta(seconds=1)) == 1

    assert (await counter.get(f"/parcels/{number}/price")).json()["same"] is True


async def test_a_parcel_of_the_time_before_prices_has_none_to_reckon(counter: Counter, parcel_db: Database) -> None:
    number = await counter.registered()
    async with parcel_db.connection() as connection:
        await connection.execute("update parcel set postage = null")

    assert refusal(await counter.get(f"/parcels/{number}/price")) == (409, "no-price-kept")


async def test_staff_of_its_offices_and_auditors_ask_and_no_read_is_noted(counter: Counter) -> None:
    number = await counter.registered()
    path = f"/parcels/{number}/price"

    waiting_away = await counter.registered(collecting_office=AWAY)

    assert (await counter.get(path)).status_code == 200
    assert (await counter.get(path, Role.AUDITOR)).status_code == 200
    assert (await counter.get(f"/parcels/{waiting_away}/price", by=AWAY)).status_code == 200
    assert refusal(await counter.get(path, by=AWAY)) == (404, "parcel-not-found")
    assert refusal(await counter.get(path, Role.TRADER)) == (403, "role-refused")
    reads = (await counter.get(f"/parcels/{number}/reads", Role.AUDITOR)).json()
    assert reads == [], "a price names nobody"
