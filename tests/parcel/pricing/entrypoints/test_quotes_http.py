"""Quotes over HTTP: lines, totals and all that is needed to reckon them again."""

from typing import Any

import httpx
import pytest

from services.parcel.pricing.store import exchange_rates
from shared.access.roles import Role
from shared.db.connection import Database
from shared.sealing import KeyRing
from tests.parcel.bodies import AWAY, HOME, THIRD
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.people.shop import owner_of_a_shop
from tests.parcel.pricing.asked import DAY, FAR, FIRST, NEAR, SECOND, rate


async def ask(counter: Counter, role: Role = Role.CLERK, by: str = HOME, **values: Any) -> httpx.Response:
    body = {"collecting_office": THIRD, "weight_g": 1_000, "day": str(DAY)} | values
    filled = {name: value for name, value in body.items() if value is not None}
    return await counter.client.post("/quotes", json=filled, headers=counter.signed_in(role, by))


async def test_a_quote_shows_its_lines_totals_rate_rule_and_tariff(counter: Counter, parcel_db: Database) -> None:
    async with parcel_db.connection() as connection:
        await exchange_rates.put(connection, rate(4_100))

    answer = await ask(counter, options=["door_delivery"], cod_amount_riel=200_000, payer="cod", declared_value_riel=1)

    assert answer.status_code == 200, answer.text
    assert answer.json() == {
        "lines": [
            {"code": "postage", "amount_riel": 4_000},
            {"code": "door_delivery", "amount_riel": 3_000},
            {"code": "insurance", "amount_riel": 1_000},
            {"code": "cod_fee", "amount_riel": 3_000},
        ],
        "total_riel": 11_000,
        "usd": {"amount_cents": 269, "riel_per_usd": 4_100, "rate_day": str(DAY), "stale": False},
        "tariff_version": SECOND,
        "sample": True,
        "zone": "same_district",
        "volumetric_weight_g": 0,
        "chargeable_weight_g": 1_000,
        "rounded_to_riel": 100,
        "rounding_rule": "Each line to the nearest 100 riel, half of it upward; dollars upward to the cent.",
    }


@pytest.mark.parametrize(
    ("office", "collecting_office", "zone"),
    [
        (None, THIRD, "same_district"),
        (HOME, NEAR[0], "near_province"),
        (HOME, FAR[0], "elsewhere"),
        (NEAR[0], FAR[0], "near_province"),
    ],
)
async def test_the_zone_follows_from_the_districts_of_the_two_offices(
    counter: Counter, office: str | None, collecting_office: str, zone: str
) -> None:
    answer = await ask(counter, office=office, collecting_office=collecting_office)

    assert answer.json()["zone"] == zone


async def test_a_parcel_abroad_needs_no_collecting_office(counter: Counter) -> None:
    answer = await ask(counter, collecting_office=None, destination_country="KR", weight_g=2_001)

    assert (answer.json()["zone"], answer.json()["total_riel"]) == ("asia_pacific", 98_000)
    assert answer.json()["usd"] is None


async def test_a_tariff_of_another_time_is_asked_for_by_name(counter: Counter) -> None:
    answer = await ask(counter, tariff_version=FIRST)

    assert (answer.json()["tariff_version"], answer.json()["total_riel"]) == (FIRST, 3_500)
    assert refusal(await ask(counter, tariff_version="2027-01")) == (404, "tariff-not-found")
    assert refusal(await ask(counter, day="2025-12-31")) == (409, "no-tariff-in-force")


async def test_today_counts_where_no_day_is_named(counter: Counter) -> None:
    assert (await ask(counter, day=None)).json()["tariff_version"] == SECOND


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"office": "XX99Z"}, [("office", "unknown-office")]),
        ({"collecting_office": None}, [("collecting_office", "missing")]),
        (
            {"office": "XX99Z", "destination_country": "XX"},
            [("office", "unknown-office"), ("destination_country", "unknown-country")],
        ),
        ({"weight_g": 30_001}, [("weight_g", "too-heavy"), ("weight_g", "above-tariff")]),
        ({"length_mm": 1_501, "width_mm": 1}, [("size_mm", "too-long")]),
        ({"payer": "cod", "cod_amount_riel": 5_000}, [("cod_amount_riel", "below-postage")]),
        ({"payer": "nobody"}, [("payer", "enum")]),
        ({"price": 1}, [("price", "extra-forbidden")]),
        ({"cod_amount_riel": -1}, [("cod_amount_riel", "greater-than-equal")]),
    ],
)
async def test_what_has_no_price_is_refused_with_what_to_do(
    counter: Counter, values: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    answer = await ask(counter, **values)

    assert refusal(answer) == (422, "invalid-request")
    assert problems(answer) == found


async def test_an_administrator_names_the_office_of_posting(counter: Counter) -> None:
    assert problems(await ask(counter, Role.ADMINISTRATOR)) == [("office", "missing")]
    assert (await ask(counter, Role.ADMINISTRATOR, office=HOME)).status_code == 200


async def test_every_counter_and_every_shop_asks_and_nobody_else(counter: Counter) -> None:
    for role in (Role.CLERK, Role.SUPERVISOR, Role.OFFICE_MANAGER):
        assert (await ask(counter, role, AWAY)).status_code == 200
    assert (await ask(counter, Role.TRADER, office=HOME)).status_code == 200
    assert problems(await ask(counter, Role.TRADER)) == [("office", "missing")]
    assert refusal(await ask(counter, Role.AUDITOR)) == (403, "role-refused")


@pytest.mark.parametrize("practice", [False, True])
async def test_a_shops_program_asks_with_a_key_made_for_it(
    counter: Counter, parcel_db: Database, key_ring: KeyRing, practice: bool
) -> None:
    owner = await owner_of_a_shop(counter, parcel_db, key_ring)
    body = {"office": HOME, "collecting_office": THIRD, "weight_g": 1_000}
    answers = []
    for scopes in (["quotes:read"], ["parcels:read"]):
        secret = (await owner.key(scopes=scopes, practice=practice))["secret"]
        headers = {"Authorization": f"Bearer {secret}"}
        answers.append(await counter.client.post("/quotes", json=body, headers=headers))

    assert answers[0].json()["total_riel"] == 4_000
    assert refusal(answers[1]) == (403, "scope-refused")


async def test_a_quote_writes_nothing(counter: Counter, parcel_db: Database) -> None:
    assert (await ask(counter)).status_code == 200

    async with parcel_db.connection() as connection:
        for table in ("request", "outbox", "void_request", "exchange_rate"):
            assert await connection.fetchval(f"select count(*) from {table}") == 0


@pytest.mark.parametrize("diameter", ["width_mm", "height_mm"])
async def test_a_roll_costs_the_same_whether_its_diameter_is_given_once_or_twice(
    counter: Counter, diameter: str
) -> None:
    roll: dict[str, Any] = {"service": "ems", "shape": "roll", "length_mm": 1_000, "weight_g": 2_000}
    given: dict[str, Any] = roll | {diameter: 300}

    once = (await ask(counter, **given)).json()

    assert once == (await ask(counter, **roll, width_mm=300, height_mm=300)).json()
    assert once["chargeable_weight_g"] == once["volumetric_weight_g"] > 2_000
