"""What an item costs: every step of every tariff, and prices reckoned by hand."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parcel.pricing.domain.payer import Payer
from services.parcel.pricing.domain.quote import LineCode, Price
from services.parcel.pricing.domain.tariff import FILES, Option, Tariff, tariff_of
from shared.errors import Invalid
from tests.parcel.pricing.asked import DAY, DESTINATIONS, FIRST, SECOND, amount, price, rate

SERVICES = ("parcel", "ems", "small_packet", "registered_letter")
FILED = {path.stem: json.loads(path.read_text()) for path in FILES.glob("*.json")}
TABLES = [
    pytest.param(version, service, zone, id=f"{version} {service} {zone}")
    for version, filed in FILED.items()
    for service, offer in filed["services"].items()
    for zone in offer["postage"]
]


def refused(**values: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refusal:
        price(**values)
    return [(problem.field, problem.code) for problem in refusal.value.problems]


def filed_steps(table: dict[str, Any]) -> Iterator[tuple[int, int]]:
    """Read the steps off the file, without the code under test."""
    up_to_g = riel = 0
    for up_to_g, riel in table["first"]:
        yield up_to_g, riel
    further = table.get("further")
    while further and up_to_g + further["each_g"] <= further["up_to_g"]:
        up_to_g, riel = up_to_g + further["each_g"], riel + further["riel"]
        yield up_to_g, riel


@pytest.mark.parametrize(("version", "service", "zone"), TABLES)
def test_both_sides_of_every_step_cost_what_the_file_says(version: str, service: str, zone: str) -> None:
    asked: dict[str, Any] = {"tariff": version, "service": service, "destination": DESTINATIONS[zone]}
    steps = list(filed_steps(FILED[version]["services"][service]["postage"][zone]))
    lightest_g = 1
    for up_to_g, riel in steps:
        for weight_g in (lightest_g, up_to_g):
            found = price(weight_g=weight_g, **asked)
            assert (found.total_riel, found.chargeable_weight_g, found.zone) == (riel, up_to_g, zone)
        lightest_g = up_to_g + 1

    assert len(steps) >= 3
    assert refused(weight_g=lightest_g, **asked) == [("weight_g", "above-tariff")]


@pytest.mark.parametrize(
    ("version", "service", "destination", "weight_g", "riel"),
    [
        (SECOND, "parcel", "2108", 500, 3_000),
        (SECOND, "parcel", "2108", 501, 4_000),
        (SECOND, "parcel", "2101", 1_200, 6_500),
        (SECOND, "parcel", "2101", 5_000, 11_000),
        (SECOND, "parcel", "2101", 5_001, 12_300),
        (SECOND, "parcel", "1202", 30_000, 60_000),
        (SECOND, "parcel", "1710", 7_500, 27_500),
        (SECOND, "parcel", "KR", 2_500, 98_000),
        (SECOND, "parcel", "KR", 30_000, 476_000),
        (SECOND, "parcel", "US", 1_000, 102_000),
        (SECOND, "ems", "2108", 250, 5_000),
        (SECOND, "ems", "2101", 1_001, 10_000),
        (SECOND, "ems", "0501", 2_000, 14_800),
        (SECOND, "ems", "1710", 30_000, 125_700),
        (SECOND, "ems", "TH", 500, 80_000),
        (SECOND, "ems", "FR", 501, 160_000),
        (SECOND, "ems", "US", 29_501, 2_264_000),
        (SECOND, "small_packet", "2101", 251, 3_000),
        (SECOND, "small_packet", "JP", 2_000, 62_000),
        (SECOND, "small_packet", "DE", 100, 8_000),
        (SECOND, "registered_letter", "2108", 20, 3_000),
        (SECOND, "registered_letter", "1710", 3_000, 22_500),
        (SECOND, "registered_letter", "VN", 21, 9_000),
        (SECOND, "registered_letter", "BR", 1_001, 124_000),
        (FIRST, "parcel", "2101", 5_000, 10_000),
        (FIRST, "parcel", "2101", 5_001, 11_200),
        (FIRST, "parcel", "KR", 1_001, 78_000),
        (FIRST, "ems", "2108", 1_000, 6_500),
        (FIRST, "ems", "2108", 1_001, 7_700),
        (FIRST, "small_packet", "JP", 500, 18_000),
        (FIRST, "registered_letter", "1710", 50, 3_000),
    ],
)
def test_a_price_is_the_one_reckoned_by_hand(
    version: str, service: str, destination: str, weight_g: int, riel: int
) -> None:
    found = price(version, service=service, destination=destination, weight_g=weight_g)

    assert (found.total_riel, found.tariff_version, found.sample) == (riel, version, True)


@pytest.mark.parametrize(
    ("values", "lines"),
    [
        pytest.param(
            {"options": frozenset({Option.ADVICE_OF_RECEIPT, Option.DOOR_DELIVERY})},
            [("postage", 5_000), ("advice_of_receipt", 3_000), ("door_delivery", 3_000)],
            id="options in their order",
        ),
        pytest.param(
            {"service": "small_packet", "options": frozenset({Option.REGISTERED, Option.ADVICE_OF_RECEIPT})},
            [("postage", 4_000), ("registered", 4_000), ("advice_of_receipt", 3_000)],
            id="an option with the one it needs",
        ),
        pytest.param(
            {"service": "registered_letter", "options": frozenset({Option.REGISTERED})},
            [("postage", 10_500), ("registered", 0)],
            id="an option that is included",
        ),
        pytest.param({"sides_mm": (1_051, 10, 10)}, [("postage", 5_000), ("oversize", 10_000)], id="a long one"),
        pytest.param({"sides_mm": (1_050, 10, 10)}, [("postage", 5_000)], id="not quite so long"),
        pytest.param({"declared_value_riel": 250_000}, [("postage", 5_000), ("insurance", 2_500)], id="insured"),
        pytest.param({"cod_amount_riel": 200_000}, [("postage", 5_000), ("cod_fee", 3_000)], id="collected"),
    ],
)
def test_what_is_asked_for_beside_the_carriage_is_a_line_of_its_own(
    values: dict[str, Any], lines: list[tuple[str, int]]
) -> None:
    found = price(**values)

    assert [(line.code.value, line.amount_riel) for line in found.lines] == lines
    assert found.total_riel == sum(riel for _, riel in lines)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        pytest.param({"options": frozenset({Option.REGISTERED})}, ("options", "not-offered"), id="an option of others"),
        pytest.param(
            {"destination": "KR", "options": frozenset({Option.DOOR_DELIVERY})},
            ("options", "not-offered"),
            id="to a door abroad",
        ),
        pytest.param(
            {"service": "small_packet", "options": frozenset({Option.ADVICE_OF_RECEIPT})},
            ("options", "needs-another"),
            id="an option without the one it needs",
        ),
        pytest.param(
            {"service": "small_packet", "declared_value_riel": 1}, ("declared_value_riel", "not-offered"), id="insured"
        ),
        pytest.param({"destination": "KR", "cod_amount_riel": 1}, ("cod_amount_riel", "not-offered"), id="abroad"),
        pytest.param(
            {"service": "registered_letter", "cod_amount_riel": 1}, ("cod_amount_riel", "not-offered"), id="collected"
        ),
        pytest.param(
            {"tariff": FIRST, "service": "small_packet"}, ("service", "not-offered-there"), id="a zone without prices"
        ),
        pytest.param({"destination": "2601"}, ("destination", "unknown-province"), id="nowhere"),
        pytest.param({"destination": "KR", "payer": Payer.RECIPIENT}, ("payer", "not-offered"), id="paid abroad"),
        pytest.param({"payer": Payer.COD}, ("cod_amount_riel", "missing"), id="nothing to keep the postage from"),
    ],
)
def test_what_a_service_does_not_offer_is_refused(values: dict[str, Any], problem: tuple[str, str]) -> None:
    assert refused(**values) == [problem]


def test_a_service_that_the_tariff_leaves_out_is_refused() -> None:
    raw = tariff_of(SECOND).model_dump()
    del raw["services"]["ems"]

    assert refused(tariff=Tariff.model_validate(raw), service="ems") == [("service", "not-offered")]


def test_every_reason_why_there_is_no_price_is_named_at_once() -> None:
    values = {"weight_g": 30_001, "options": frozenset({Option.REGISTERED}), "declared_value_riel": 4_000_001}

    assert refused(**values, cod_amount_riel=4_000_001) == [
        ("weight_g", "above-tariff"),
        ("options", "not-offered"),
        ("declared_value_riel", "above-ceiling"),
        ("cod_amount_riel", "above-ceiling"),
    ]


@pytest.mark.parametrize(
    ("declared_riel", "insurance_riel"),
    [
        (0, None),
        (1, 1_000),
        (100_000, 1_000),
        (104_999, 1_000),
        (105_000, 1_100),
        (114_999, 1_100),
        (115_000, 1_200),
        (4_000_000, 40_000),
    ],
)
def test_insurance_costs_so_much_a_thousand_and_a_minimum(declared_riel: int, insurance_riel: int | None) -> None:
    assert amount(price(declared_value_riel=declared_riel), LineCode.INSURANCE) == insurance_riel


@pytest.mark.parametrize(
    ("collected_riel", "fee_riel"),
    [
        (0, None),
        (1, 1_500),
        (100_000, 1_500),
        (103_333, 1_500),
        (103_334, 1_600),
        (2_666_666, 40_000),
        (2_700_000, 40_000),
        (4_000_000, 40_000),
    ],
)
def test_the_fee_for_collecting_has_a_least_and_a_most(collected_riel: int, fee_riel: int | None) -> None:
    assert amount(price(cod_amount_riel=collected_riel), LineCode.COD_FEE) == fee_riel


@pytest.mark.parametrize(
    ("declared_riel", "insurance_riel"), [(106_125, 800), (106_250, 900), (106_375, 900), (1_000, 500)]
)
def test_a_line_is_rounded_at_half_of_a_hundred_riel(declared_riel: int, insurance_riel: int) -> None:
    assert amount(price(FIRST, declared_value_riel=declared_riel), LineCode.INSURANCE) == insurance_riel


@pytest.mark.parametrize(
    ("sides_mm", "weight_g", "volumetric_g", "chargeable_g"),
    [
        ((600, 400, 300), 1_000, 12_000, 12_000),
        ((600, 400, 301), 1_000, 12_040, 12_500),
        ((600, 400, 300), 12_001, 12_000, 12_500),
        ((599, 400, 300), 1_000, 0, 1_000),
        ((600, 400), 1_000, 0, 1_000),
    ],
)
def test_the_greater_of_weight_and_volume_counts_up_to_its_step(
    sides_mm: tuple[int, ...], weight_g: int, volumetric_g: int, chargeable_g: int
) -> None:
    found = price(service="ems", sides_mm=sides_mm, weight_g=weight_g)

    assert (found.volumetric_weight_g, found.chargeable_weight_g) == (volumetric_g, chargeable_g)
    assert amount(found, LineCode.POSTAGE) == price(service="ems", weight_g=chargeable_g).total_riel


def test_a_parcel_has_no_weight_by_volume() -> None:
    found = price(sides_mm=(600, 400, 300))

    assert (found.volumetric_weight_g, found.total_riel) == (0, 5_000)


def test_postage_may_be_kept_back_from_money_that_just_covers_it() -> None:
    assert price(payer=Payer.COD, cod_amount_riel=6_500).total_riel == 6_500
    assert refused(payer=Payer.COD, cod_amount_riel=6_499) == [("cod_amount_riel", "below-postage")]


@pytest.mark.parametrize(("riel_per_usd", "cents"), [(4_000, 125), (4_015, 125), (4_100, 122), (5_000, 100)])
def test_the_total_in_dollars_is_rounded_upward_to_the_cent(riel_per_usd: int, cents: int) -> None:
    found = price(rate=rate(riel_per_usd))

    assert found.usd is not None
    assert (found.usd.amount_cents, found.usd.riel_per_usd, found.usd.rate_day) == (cents, riel_per_usd, DAY)


@pytest.mark.parametrize(("version", "fresh_days"), [(FIRST, 7), (SECOND, 3)])
def test_a_stale_rate_is_used_and_marked(version: str, fresh_days: int) -> None:
    fresh, stale = (price(version, rate=rate(day=DAY - timedelta(days=fresh_days + n))).usd for n in (0, 1))

    assert fresh is not None
    assert stale is not None
    assert (fresh.stale, stale.stale) == (False, True)
    assert fresh.amount_cents == stale.amount_cents


def test_without_a_rate_the_price_is_in_riel_alone() -> None:
    assert price().usd is None


def test_the_price_names_the_rule_it_is_rounded_by() -> None:
    assert price().rounding_rule == (
        "Each line to the nearest 100 riel, half of it upward; dollars upward to the cent."
    )


def test_an_amount_can_be_reckoned_again_by_the_tariff_it_was_made_with() -> None:
    values: dict[str, Any] = {"destination": "1710", "weight_g": 5_001, "declared_value_riel": 100_000}
    then, now = price(FIRST, **values), price(SECOND, **values)

    assert (then.total_riel, then.tariff_version) == (20_700 + 800, FIRST)
    assert (now.total_riel, now.tariff_version) == (22_500 + 1_000, SECOND)
    assert price(then.tariff_version, **values) == then


@st.composite
def askings(draw: st.DrawFn) -> dict[str, Any]:
    version, service, zone = draw(st.sampled_from([table.values for table in TABLES]))
    longest_mm = draw(st.integers(1, 600))
    return {
        "tariff": version,
        "service": service,
        "destination": DESTINATIONS[str(zone)],
        "sides_mm": (longest_mm, draw(st.integers(1, 300)), draw(st.integers(1, 300))),
        "rate": rate(draw(st.integers(1_000, 10_000))),
    }


@given(askings(), st.integers(1, 2_000), st.integers(1, 2_000))
def test_a_price_never_falls_when_weight_grows(values: dict[str, Any], one_g: int, other_g: int) -> None:
    lighter, heavier = (price(weight_g=weight_g, **values) for weight_g in sorted((one_g, other_g)))

    assert lighter.total_riel <= heavier.total_riel
    assert lighter.chargeable_weight_g <= heavier.chargeable_weight_g


@given(askings(), st.integers(1, 20_000), st.integers(1, 20_000), st.integers(0, 2_000_000))
def test_a_heavier_insured_parcel_costs_no_less_and_pays_in_cash(
    values: dict[str, Any], one_g: int, other_g: int, declared_riel: int
) -> None:
    values |= {"service": "parcel", "declared_value_riel": declared_riel}
    lighter, heavier = (price(weight_g=weight_g, **values) for weight_g in sorted((one_g, other_g)))

    assert lighter.total_riel <= heavier.total_riel
    assert in_order(lighter)
    assert in_order(heavier)


def in_order(found: Price) -> bool:
    assert found.usd is not None
    return (
        found.total_riel == sum(line.amount_riel for line in found.lines)
        and all(line.amount_riel % 100 == 0 for line in found.lines)
        and found.usd.amount_cents * found.usd.riel_per_usd >= found.total_riel * 100
    )
