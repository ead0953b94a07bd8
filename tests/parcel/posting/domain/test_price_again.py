"""Every price that a registration keeps is reckoned again from the parcel alone."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.parcel.posting.domain.parcel import NoPriceKept
from services.parcel.posting.domain.price_again import price_again
from services.parcel.pricing.domain import tariff
from services.parcel.pricing.domain.exchange_rate import ExchangeRate
from services.parcel.pricing.domain.payer import Payer
from services.parcel.pricing.domain.tariff import Option, Tariff, TariffNotFound, tariff_of
from shared.editions import Editions
from tests.parcel.posting.domain.test_registration import ABROAD, OFFICES, command, dollars, riel
from tests.parcel.pricing.asked import DAY, FAR, FIRST, SECOND, rate

NUMBER = "PD100000051KH"
NOON = datetime(2026, 9, 1, 5, tzinfo=UTC)
MEASURED = {"length_mm": 700, "width_mm": 400, "height_mm": 300}


@pytest.mark.parametrize("known", [None, rate(4_000), rate(4_133, date(2026, 8, 1))], ids=["no rate", "fresh", "stale"])
@pytest.mark.parametrize(
    ("values", "day"),
    [
        ({}, DAY),
        ({}, date(2026, 6, 30)),
        ({"collecting_office": FAR[0], "weight_g": 12_345}, DAY),
        ({**ABROAD, "weight_g": 7_001, "options": frozenset({Option.ADVICE_OF_RECEIPT})}, DAY),
        ({"service": "ems", **MEASURED}, DAY),
        ({"length_mm": 1_400, "width_mm": 100, "height_mm": 100}, DAY),
        ({"insured_value": riel(106_125)}, date(2026, 6, 30)),
        ({"insured_value": dollars(12_345), "cod": dollars(9_999), "payer": Payer.COD}, DAY),
        ({"service": "small_packet", "options": frozenset({Option.REGISTERED, Option.ADVICE_OF_RECEIPT})}, DAY),
        ({"service": "ems", "options": frozenset({Option.DOOR_DELIVERY}), "payer": Payer.RECIPIENT}, DAY),
    ],
)
def test_a_kept_price_comes_out_again(known: ExchangeRate | None, values: dict[str, Any], day: date) -> None:
    if known is None and any(getattr(one, "currency", "") == "USD" for one in values.values()):
        known = rate(4_050)
    asked = command(**values)
    kept = asked.postage(OFFICES, (), known, day)

    found = price_again(asked.parcel(NUMBER, "secret", kept, "clerk", NOON))

    assert found.recomputed == kept.price
    assert found.same


def test_a_tariff_whose_file_was_changed_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = command(weight_g=500)
    parcel = asked.parcel(NUMBER, "secret", asked.postage(OFFICES, (), None, DAY), "clerk", NOON)
    raw = tariff_of(SECOND).model_dump()
    table = raw["services"]["parcel"]["postage"]["same_district"]
    table["first"] = ((500, 3_100), *table["first"][1:])
    changed = Editions([Tariff.model_validate(raw)])
    monkeypatch.setattr(tariff, "editions", lambda: changed)

    found = price_again(parcel)

    assert (found.kept.total_riel, found.recomputed.total_riel, found.same) == (3_000, 3_100, False)


def test_a_price_of_a_tariff_that_is_gone_or_of_the_time_before_cannot_be_reckoned_again() -> None:
    asked = command()
    kept = asked.postage(OFFICES, (), None, DAY)
    parcel = asked.parcel(NUMBER, "secret", kept, "clerk", NOON)
    gone = replace(kept, price=replace(kept.price, tariff_version=f"{FIRST}-2"))

    with pytest.raises(TariffNotFound):
        price_again(replace(parcel, postage=gone))
    with pytest.raises(NoPriceKept):
        price_again(replace(parcel, postage=None))
