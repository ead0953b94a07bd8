"""What a claim is worth: up to the cap, never below nothing, in the currency that is asked for."""

from dataclasses import replace
from datetime import date
from itertools import product
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from services.parcel.claims.domain.claim import Ground
from services.parcel.claims.domain.compensation import (
    Band,
    Claimed,
    Cover,
    NoCompensationInForce,
    NotCompensated,
    RateNeeded,
    compensations_on,
    editions,
    worth_of,
)
from services.parcel.pricing.domain.money import Amount, Currency
from shared.contracts.parcel import Service

TABLE = compensations_on(date(2026, 2, 1))
PARCEL = Claimed("parcel", False, 2_500, False, None, 6_500)
RATE = 4_000
MUCH = Amount(10_000_000, "KHR")


@pytest.mark.parametrize(
    ("weight_g", "cap_riel"),
    [(1, 30_000), (3_000, 30_000), (3_001, 45_000), (10_000, 90_000), (20_000, 180_000), (30_000, 180_000)],
)
def test_a_lost_parcel_is_worth_its_band_and_its_postage(weight_g: int, cap_riel: int) -> None:
    worth = worth_of(TABLE, replace(PARCEL, weight_g=weight_g), Ground.LOSS, MUCH, "KHR", None)
    assert (worth.content_minor, worth.cap_minor, worth.postage_minor) == (cap_riel, cap_riel, 6_500)


def test_of_damage_the_value_is_paid_and_no_postage() -> None:
    worth = worth_of(TABLE, PARCEL, Ground.DAMAGE, Amount(12_345, "KHR"), "KHR", None)
    assert (worth.content_minor, worth.postage_minor) == (12_300, 0)


def test_what_was_sent_back_gets_its_postage_alone() -> None:
    worth = worth_of(TABLE, PARCEL, Ground.RETURN, MUCH, "KHR", None)
    assert (worth.content_minor, worth.postage_minor) == (0, 6_500)


def test_abroad_a_parcel_is_capped_in_rights_at_the_rate_of_the_day() -> None:
    abroad = replace(PARCEL, is_international=True, weight_g=2_000)
    # 40 + twice 4.50 rights, at 1.35 dollars, are 66.15 dollars.
    assert worth_of(TABLE, abroad, Ground.LOSS, MUCH, "KHR", RATE).content_minor == 264_600
    assert worth_of(TABLE, abroad, Ground.LOSS, MUCH, "USD", RATE).content_minor == 6_615
    with pytest.raises(RateNeeded):
        worth_of(TABLE, abroad, Ground.LOSS, MUCH, "KHR", None)


@pytest.mark.parametrize(
    ("value", "currency"), [(Amount(100, "USD"), "KHR"), (Amount(100, "KHR"), "USD")], ids=["value", "payment"]
)
def test_dollars_at_home_need_a_rate_too(value: Amount, currency: Currency) -> None:
    with pytest.raises(RateNeeded):
        worth_of(TABLE, PARCEL, Ground.LOSS, value, currency, None)


def test_what_was_insured_takes_the_place_of_the_cap() -> None:
    insured = replace(PARCEL, insured_value=Amount(500_000, "KHR"))
    assert worth_of(TABLE, insured, Ground.LOSS, MUCH, "KHR", None).content_minor == 500_000
    assert worth_of(TABLE, insured, Ground.RETURN, MUCH, "KHR", None).content_minor == 0


def test_a_packet_is_compensated_if_it_was_registered() -> None:
    packet = replace(PARCEL, service="small_packet")
    with pytest.raises(NotCompensated):
        worth_of(TABLE, packet, Ground.LOSS, MUCH, "KHR", None)
    assert worth_of(TABLE, replace(packet, is_registered=True), Ground.LOSS, MUCH, "KHR", None).content_minor == 30_000


CLAIMED = st.builds(
    Claimed,
    st.sampled_from(get_args(Service)),
    st.booleans(),
    st.integers(1, 40_000),
    st.just(True),  # a strategy takes its value so
    st.none() | st.builds(Amount, st.integers(0, 10**9), st.sampled_from(get_args(Currency))),
    st.integers(-(10**6), 10**7),
)


@given(
    CLAIMED,
    st.sampled_from(list(Ground)),
    st.builds(Amount, st.integers(-(10**6), 10**9), st.sampled_from(get_args(Currency))),
    st.sampled_from(get_args(Currency)),
    st.integers(1_000, 10_000),
)
def test_nothing_is_above_its_cap_or_below_nothing(
    item: Claimed, ground: Ground, value: Amount, currency: Currency, rate: int
) -> None:
    for table in editions().by_version.values():
        worth = worth_of(table, item, ground, value, currency, rate)
        assert 0 <= worth.content_minor <= worth.cap_minor
        assert worth.postage_minor >= 0
        postage = Amount(worth.postage_minor, currency).in_riel(rate)
        assert postage <= max(0, item.postage_riel)
        assert Amount(worth.content_minor, currency).in_riel(rate) <= max(0, value.in_riel(rate))
        if item.insured_value and ground is not Ground.RETURN:
            assert Amount(worth.content_minor, currency).in_riel(rate) <= item.insured_value.in_riel(rate)


def test_a_heavier_item_has_no_lower_cap_in_any_table() -> None:
    for table in editions().by_version.values():
        for covers in (table.domestic, table.international):
            for cover in (cover for of_service in covers.values() for cover in of_service.values()):
                caps = [cover.cap_minor(weight_g) for weight_g in range(0, 31_000, 500)]
                assert caps == sorted(caps)
                assert cover.source


def test_every_service_and_ground_has_its_row() -> None:
    for table, ground, service in product(editions().by_version.values(), Ground, get_args(Service)):
        for is_international in (False, True):
            cover = table.cover_of(service, ground, is_international=is_international, is_registered=True)
            assert cover.unit == ("SDR" if is_international else "KHR") or cover.refunds_postage


def test_bands_that_do_not_rise_are_refused() -> None:
    for bands in ((Band(2, 1), Band(1, 1)), (Band(1, -1),)):
        with pytest.raises(ValidationError):
            Cover(unit="KHR", bands=bands, source="tests")


def test_no_table_holds_before_the_first() -> None:
    with pytest.raises(NoCompensationInForce):
        compensations_on(date(2025, 12, 31))
