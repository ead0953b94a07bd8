"""What a registration costs: answered, kept, found again, reckoned again; refused by field."""

from datetime import date
from typing import Any

import orjson
import pytest
from fastapi import FastAPI

from services.parcel.posting.entrypoints.bodies import RegisterBody
from services.parcel.pricing.domain import quote
from services.parcel.pricing.domain.tariff import NoTariffInForce
from shared.access.roles import Role
from shared.clock import LOCAL, now
from shared.db.connection import Database
from tests.parcel.bodies import HOME, THIRD, abroad, parcel_body
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.posting.use_cases.test_register_parcels import rows
from tests.parcel.pricing.asked import SECOND

PAID_ON_DELIVERY = {"payer": "cod", "cod": {"amount_minor": 52_000, "currency": "KHR"}}


async def set_rate(counter: Counter, riel_per_usd: int) -> date:
    today = now().astimezone(LOCAL).date()
    headers = counter.signed_in(Role.ADMINISTRATOR)
    answer = await counter.client.put(f"/exchange-rates/{today}", json={"riel_per_usd": riel_per_usd}, headers=headers)
    assert answer.status_code == 200, answer.text
    return today


async def test_the_answer_shows_what_it_costs_and_who_pays(counter: Counter) -> None:
    today = await set_rate(counter, 4_000)
    insured = {"amount_minor": 5_000, "currency": "USD"}

    answer = await counter.register(parcel_body(**PAID_ON_DELIVERY, insured_value=insured))

    assert answer.status_code == 201, answer.text
    assert answer.json()["postage"] == {
        "payer": "cod",
        "options": [],
        "price": {
            "lines": [
                {"code": "postage", "amount_riel": 5_000},
                {"code": "insurance", "amount_riel": 2_000},
                {"code": "cod_fee", "amount_riel": 1_500},
            ],
            "total_riel": 8_500,
            "usd": {"amount_cents": 213, "riel_per_usd": 4_000, "rate_day": str(today), "stale": False},
            "tariff_version": SECOND,
            "sample": True,
            "zone": "same_district",
            "volumetric_weight_g": 0,
            "chargeable_weight_g": 2_000,
            "rounded_to_riel": 100,
        },
        "insured_value": insured,
        "cod": {"amount_minor": 52_000, "currency": "KHR"},
    }


async def test_what_was_kept_stays_though_the_rate_changes(counter: Counter) -> None:
    await set_rate(counter, 4_000)
    registered = (await counter.register()).json()
    await set_rate(counter, 4_100)

    for path in (f"/parcels/{registered['item_number']}", "/parcels"):
        read = (await counter.get(path)).json()
        parcel = read["parcels"][0] if "parcels" in read else read
        assert parcel["postage"] == registered["postage"]
    assert (await counter.register()).json()["postage"]["price"]["usd"]["riel_per_usd"] == 4_100


async def test_an_amount_is_reckoned_again_by_the_tariff_that_was_kept(counter: Counter) -> None:
    await set_rate(counter, 4_000)
    kept = (await counter.register(parcel_body(**PAID_ON_DELIVERY))).json()
    question = {
        "office": kept["office"],
        "collecting_office": kept["collecting_office"],
        "weight_g": kept["weight_g"],
        "payer": kept["postage"]["payer"],
        "cod_amount_riel": kept["postage"]["cod"]["amount_minor"],
        "tariff_version": kept["postage"]["price"]["tariff_version"],
        "day": kept["postage"]["price"]["usd"]["rate_day"],
    }

    again = (await counter.client.post("/quotes", json=question, headers=counter.signed_in())).json()

    assert again.pop("rounding_rule")
    assert again == kept["postage"]["price"]


async def test_options_are_kept_with_their_lines_and_reckoned_again(counter: Counter) -> None:
    options = ["advice_of_receipt", "door_delivery"]
    registered = (await counter.register(parcel_body(options=options))).json()

    postage = registered["postage"]
    assert postage["options"] == options
    assert postage["price"]["lines"][1:] == [{"code": option, "amount_riel": 3_000} for option in options]
    assert (await counter.get(f"/parcels/{registered['item_number']}")).json()["postage"] == postage
    question = {"collecting_office": THIRD, "weight_g": registered["weight_g"], "options": postage["options"]}
    again = (await counter.client.post("/quotes", json=question, headers=counter.signed_in())).json()
    assert again["lines"] == postage["price"]["lines"]


async def test_a_registered_small_packet_abroad_has_a_registered_number(counter: Counter) -> None:
    answer = await counter.register(abroad(service="small_packet", options=["registered", "advice_of_receipt"]))
    assert answer.json()["item_number"].startswith("RR"), answer.text
    answer = await counter.register(abroad(service="small_packet"))
    assert answer.json()["item_number"].startswith("LX"), answer.text


async def test_a_key_knows_its_options_in_whatever_order_they_come(counter: Counter) -> None:
    options = ["door_delivery", "advice_of_receipt"]
    first = await counter.register(parcel_body(options=options), key="k1")

    assert (await counter.register(parcel_body(options=options[::-1]), key="k1")).content == first.content
    assert problems(await counter.register(parcel_body(options=options[:1]), key="k1")) == [
        ("idempotency-key", "reused")
    ]


def test_options_are_written_in_one_order_by_every_process() -> None:
    options = ["registered", "door_delivery", "advice_of_receipt"]
    written = RegisterBody.model_validate(parcel_body(options=options)).model_dump_json(exclude_defaults=True)
    assert orjson.loads(written)["options"] == sorted(options)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"payer": "nobody"}, [("payer", "enum")]),
        ({"payer": "cod"}, [("cod", "missing")]),
        ({"payer": "cod", "cod": {"amount_minor": 6_499}}, [("cod", "below-postage")]),
        ({"cod": {"amount_minor": 0}}, [("cod.amount_minor", "greater-than-equal")]),
        ({"cod": {"amount_minor": 1, "currency": "EUR"}}, [("cod.currency", "literal-error")]),
        ({"cod": {"amount_minor": 1, "currency": "USD"}}, [("cod.currency", "no-rate")]),
        ({"cod": {"amount_minor": 1.5}}, [("cod.amount_minor", "int-from-float")]),
        ({"insured_value": {"amount_minor": 4_000_001}}, [("insured_value", "above-ceiling")]),
        ({"options": ["by_balloon"]}, [("options.0", "enum")]),
        ({"options": ["registered"]}, [("options", "not-offered")]),
        ({"postage": 100}, [("postage", "extra-forbidden")]),
    ],
    ids=str,
)
async def test_what_cannot_be_paid_so_is_refused_by_field(
    counter: Counter, parcel_db: Database, change: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    answer = await counter.register(parcel_body(**change))

    assert (answer.status_code, problems(answer)) == (422, expected)
    assert await rows(parcel_db) == {"request": 0, "parcel": 0, "outbox": 0}


async def test_abroad_nothing_is_collected_and_the_sender_pays(counter: Counter) -> None:
    answer = await counter.register(abroad(payer="recipient"))
    assert problems(answer) == [("payer", "not-offered")]

    answer = await counter.register(abroad(cod={"amount_minor": 90_000}))
    assert problems(answer) == [("cod", "not-offered")]


async def test_a_promise_is_kept_though_no_tariff_is_in_force_any_more(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await counter.register(key="k1")

    def no_tariff(_day: date) -> None:
        raise NoTariffInForce

    monkeypatch.setattr(quote, "tariff_on", no_tariff)

    assert (await counter.register(key="k1")).content == first.content
    assert refusal(await counter.register()) == (409, "no-tariff-in-force")


async def test_a_registration_asks_no_database_for_its_rate(counter: Counter, app: FastAPI) -> None:
    await set_rate(counter, 4_000)
    today = now().astimezone(LOCAL).date()
    assert app.state.known_rates.on(today).riel_per_usd == 4_000
    async with app.state.service.database.transaction() as tx:
        await tx.execute("delete from exchange_rate")

    answer = await counter.register(parcel_body(office=HOME, collecting_office=THIRD))

    assert answer.json()["postage"]["price"]["usd"]["riel_per_usd"] == 4_000


async def test_a_parcel_of_the_time_before_has_no_price(counter: Counter, parcel_db: Database) -> None:
    number = await counter.registered()
    async with parcel_db.connection() as connection:
        await connection.execute("update parcel set postage = null")

    assert (await counter.get(f"/parcels/{number}")).json()["postage"] is None


@pytest.mark.parametrize("diameter", ["width_mm", "height_mm"])
def test_the_diameter_of_a_roll_is_its_width_and_its_height(diameter: str) -> None:
    sides = {"length_mm": 1_000, "width_mm": None, "height_mm": None} | {diameter: 300}
    command = RegisterBody.model_validate(parcel_body(shape="roll", **sides)).command(HOME)
    assert (command.length_mm, command.width_mm, command.height_mm) == (1_000, 300, 300)


def test_a_box_has_the_sides_that_are_given() -> None:
    sides = {"length_mm": 1_000, "width_mm": 300, "height_mm": None}
    command = RegisterBody.model_validate(parcel_body(**sides)).command(HOME)
    assert (command.width_mm, command.height_mm) == (300, None)
