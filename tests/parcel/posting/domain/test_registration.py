"""What a registration costs, who may pay, and what is refused by the name that the counter knows it by."""

from datetime import date, timedelta
from typing import Any

import pytest

from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.postage import Postage
from services.parcel.posting.domain.registration import RegisterParcel
from services.parcel.pricing.domain.exchange_rate import ExchangeRate
from services.parcel.pricing.domain.limits import NoLimitsInForce
from services.parcel.pricing.domain.money import Amount
from services.parcel.pricing.domain.payer import Payer
from services.parcel.pricing.domain.quote import LineCode
from services.parcel.pricing.domain.tariff import Option
from shared.errors import Invalid
from tests.access.signed_in import office_entry
from tests.parcel.bodies import HOME, THIRD
from tests.parcel.pricing.asked import DAY, FAR, SECOND, amount, rate

PERSON = Person("Sok Dara", "+85512345678", "en")
NOWHERE = "XX01A"
OFFICES = {code: office_entry(code) for code in (HOME, THIRD)} | {
    FAR[0]: office_entry(FAR[0]).model_copy(update={"district_code": FAR[1]}),
    NOWHERE: office_entry(NOWHERE).model_copy(update={"district_code": "0000"}),
}
ABROAD: dict[str, Any] = {"destination_country": "KR", "collecting_office": None}


def riel(amount_minor: int) -> Amount:
    return Amount(amount_minor, "KHR")


def dollars(amount_minor: int) -> Amount:
    return Amount(amount_minor, "USD")


def command(**values: Any) -> RegisterParcel:
    filled: dict[str, Any] = {
        "office": HOME,
        "service": "parcel",
        "destination_country": "KH",
        "collecting_office": THIRD,
        "weight_g": 1_000,
        "length_mm": None,
        "width_mm": None,
        "height_mm": None,
        "fits_limits": True,
        "sender": PERSON,
        "recipient": PERSON,
        "order_reference": None,
    }
    return RegisterParcel(**(filled | values))


def postage(known: ExchangeRate | None = None, day: date = DAY, **values: Any) -> Postage:
    return command(**values).postage(OFFICES, ("a shop",), known, day)


def test_the_price_is_that_of_the_day_and_of_the_way_between_the_offices() -> None:
    found = postage(rate(4_000))

    assert (found.price.total_riel, found.price.zone, found.price.tariff_version) == (4_000, "same_district", SECOND)
    assert found.price.usd is not None
    assert (found.price.usd.amount_cents, found.price.usd.riel_per_usd, found.price.usd.rate_day) == (100, 4_000, DAY)
    assert (found.payer, found.insured_value, found.cod) == (Payer.SENDER, None, None)
    assert postage(collecting_office=FAR[0]).price.total_riel == 8_000
    assert postage(**ABROAD).price.zone == "asia_pacific"
    assert postage(day=date(2026, 6, 30)).price.total_riel == 3_500


def test_without_a_rate_the_price_is_in_riel_alone() -> None:
    assert postage().price.usd is None


def test_what_is_insured_and_collected_is_kept_as_named_and_charged_for() -> None:
    found = postage(rate(4_000), insured_value=dollars(50_000), cod=riel(200_000), payer=Payer.COD)

    assert (found.insured_value, found.cod, found.payer) == (dollars(50_000), riel(200_000), Payer.COD)
    assert amount(found.price, LineCode.INSURANCE) == 20_000
    assert amount(found.price, LineCode.COD_FEE) == 3_000


def test_options_are_charged_for_and_kept_also_those_that_cost_nothing() -> None:
    wanted = frozenset({Option.DOOR_DELIVERY, Option.ADVICE_OF_RECEIPT})

    found = postage(options=wanted)
    assert found.options == (Option.ADVICE_OF_RECEIPT, Option.DOOR_DELIVERY)
    assert amount(found.price, LineCode.ADVICE_OF_RECEIPT) == amount(found.price, LineCode.DOOR_DELIVERY) == 3_000
    assert found.price.total_riel == postage().price.total_riel + 6_000
    assert postage(options=wanted, service="ems").options == found.options
    assert amount(postage(options=wanted, service="ems").price, LineCode.DOOR_DELIVERY) == 0
    together = frozenset({Option.REGISTERED, Option.ADVICE_OF_RECEIPT})
    assert frozenset(postage(options=together, service="small_packet").options) == together
    assert postage().options == ()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"options": frozenset({Option.REGISTERED})}, [("options", "not-offered")]),
        ({"options": frozenset({Option.ADVICE_OF_RECEIPT}), **ABROAD}, []),
        ({"options": frozenset({Option.DOOR_DELIVERY}), **ABROAD}, [("options", "not-offered")]),
        ({"options": frozenset({Option.ADVICE_OF_RECEIPT}), "service": "small_packet"}, [("options", "needs-another")]),
        ({"options": frozenset({Option.DOOR_DELIVERY}), "day": date(2026, 6, 30)}, [("options", "not-offered")]),
        ({"payer": Payer.COD, "cod": riel(8_500), "options": frozenset({Option.DOOR_DELIVERY})}, []),
        (
            {"payer": Payer.COD, "cod": riel(8_499), "options": frozenset({Option.DOOR_DELIVERY})},
            [("cod", "below-postage")],
        ),
        ({"payer": Payer.COD, "cod": riel(5_500)}, []),
        ({"payer": Payer.COD, "cod": riel(5_499)}, [("cod", "below-postage")]),
        ({"payer": Payer.COD}, [("cod", "missing")]),
        ({"payer": Payer.COD, "cod": dollars(138)}, []),
        ({"payer": Payer.COD, "cod": dollars(137)}, [("cod", "below-postage")]),
        ({"cod": riel(4_000_000)}, []),
        ({"cod": riel(4_000_001)}, [("cod", "above-ceiling")]),
        ({"cod": dollars(100_001)}, [("cod", "above-ceiling")]),
        ({"cod": riel(5_000), **ABROAD}, [("cod", "not-offered")]),
        ({"cod": riel(5_000), "service": "small_packet"}, [("cod", "not-offered")]),
        ({"insured_value": riel(4_000_000)}, []),
        ({"insured_value": riel(4_000_001)}, [("insured_value", "above-ceiling")]),
        ({"insured_value": riel(1), "service": "registered_letter"}, [("insured_value", "not-offered")]),
        ({"payer": Payer.RECIPIENT}, []),
        ({"payer": Payer.RECIPIENT, **ABROAD}, [("payer", "not-offered")]),
        ({"office": NOWHERE}, [("office", "unknown-province")]),
        ({"collecting_office": NOWHERE}, [("collecting_office", "unknown-province")]),
        ({"weight_g": 20_001, "destination_country": "BR", "collecting_office": None}, [("weight_g", "too-heavy")]),
        ({"length_mm": 900, "width_mm": 70, "service": "small_packet", "shape": "roll"}, []),
        (
            {"length_mm": 900, "width_mm": 70, "service": "small_packet"},
            [("size_mm", "too-long"), ("size_mm", "too-large")],
        ),
        (
            {"insured_value": riel(4_000_001), "cod": riel(4_000_001)},
            [("insured_value", "above-ceiling"), ("cod", "above-ceiling")],
        ),
        ({"trader": "another"}, [("trader", "unknown-trader")]),
        (
            {"weight_g": 30_001, "office": "TK99Z", "collecting_office": None},
            [("weight_g", "too-heavy"), ("office", "unknown-office"), ("collecting_office", "unknown-office")],
        ),
    ],
    ids=str,
)
def test_what_cannot_be_sold_is_refused_by_the_field_that_was_sent(
    values: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    found: list[tuple[str, str]] = []
    try:
        postage(rate(4_000), **values)
    except Invalid as refusal:
        found = [(problem.field, problem.code) for problem in refusal.problems]
    assert found == expected


LETTER: dict[str, Any] = {"service": "registered_letter"}
BOX: dict[str, Any] = {"length_mm": 300, "width_mm": 200, "height_mm": 100}
ROLL: dict[str, Any] = {"length_mm": 800, "width_mm": 60, "shape": "roll"}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, [("size_mm", "missing")]),
        (ABROAD, [("size_mm", "missing")]),
        ({"service": "ems", **ABROAD}, [("size_mm", "missing")]),
        ({"service": "small_packet", **ABROAD}, [("size_mm", "missing")]),
        (LETTER, []),
        ({**LETTER, **ABROAD}, []),
        ({**LETTER, "length_mm": 601}, [("size_mm", "too-long")]),
        (BOX, []),
        (BOX | {"length_mm": 139, "width_mm": 90}, [("size_mm", "too-small")]),
        (BOX | {"height_mm": None}, [("size_mm", "missing")]),
        (ROLL, []),
        (ROLL | {"shape": "box"}, [("size_mm", "missing")]),
        (ROLL | {"width_mm": None}, [("size_mm", "missing")]),
        ({"length_mm": 1_501}, [("size_mm", "missing"), ("size_mm", "too-long")]),
        ({"fits_limits": True}, []),
        ({"fits_limits": True, **ABROAD}, []),
        ({"fits_limits": True, "length_mm": 1_501}, [("size_mm", "too-long")]),
        ({"fits_limits": True, **BOX, "height_mm": 1_501}, [("size_mm", "too-long")]),
        (
            {"office": "TK99Z", "weight_g": 30_001},
            [("size_mm", "missing"), ("weight_g", "too-heavy"), ("office", "unknown-office")],
        ),
    ],
    ids=str,
)
def test_all_but_letters_are_measured_or_said_to_be_within_the_limits(
    values: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    found: list[tuple[str, str]] = []
    try:
        postage(**({"fits_limits": False} | values))
    except Invalid as refusal:
        found = [(problem.field, problem.code) for problem in refusal.problems]
    assert found == expected


def test_a_clerk_is_told_what_to_measure_or_to_say() -> None:
    with pytest.raises(Invalid) as refusal:
        postage(fits_limits=False)

    assert "diameter" in refusal.value.problems[0].message
    assert "`fits_limits`" in refusal.value.problems[0].message


def test_dollars_need_a_rate() -> None:
    with pytest.raises(Invalid) as refusal:
        postage(insured_value=dollars(100), cod=dollars(100))

    assert [(one.field, one.code) for one in refusal.value.problems] == [
        ("insured_value.currency", "no-rate"),
        ("cod.currency", "no-rate"),
    ]


def test_limits_are_those_of_the_day() -> None:
    with pytest.raises(NoLimitsInForce):
        postage(day=date(2025, 12, 31), office="TK99Z")


def test_the_parcel_is_what_was_asked_for_with_its_price() -> None:
    wanted = command(weight_g=1_200, order_reference="A-1", trader="a shop")
    price = wanted.postage(OFFICES, ("a shop",), None, DAY)

    parcel = wanted.parcel("PD100000005KH", "secret", price, "clerk", rate().set_at)

    assert (parcel.weight_g, parcel.order_reference, parcel.trader, parcel.postage) == (1_200, "A-1", "a shop", price)


@pytest.mark.parametrize("field", ["office", "collecting_office"])
def test_a_closed_office_takes_nothing_in_from_its_day_on(field: str) -> None:
    closed = office_entry("TK09A").model_copy(update={"closes_on": DAY})
    offices = OFFICES | {"TK09A": closed}
    asked = command(**{field: "TK09A"})

    assert asked.postage(offices, (), None, DAY - timedelta(days=1)).price.total_riel
    for day in (DAY, DAY + timedelta(days=30)):
        with pytest.raises(Invalid) as refused:
            asked.postage(offices, (), None, day)
        assert [(one.field, one.code) for one in refused.value.problems] == [(field, "office-closed")]
