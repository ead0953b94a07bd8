"""What a price rested on that a counter gave without a line: tariff, rate and offices as its bundle had them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import BaseModel, TypeAdapter

from services.parcel.devices.domain.bundle import Manifest, Part
from services.parcel.pricing.domain.exchange_rate import ExchangeRate
from services.parcel.pricing.domain.tariff import NoTariffInForce, Tariff
from shared.contracts.directory import OfficeV1

RESTS_ON = (Part.TARIFFS, Part.RATES, Part.OFFICES)


class _Rate(BaseModel):
    day: date
    riel_per_usd: int
    version: int


_TARIFFS: TypeAdapter[list[Tariff]] = TypeAdapter(list[Tariff])
_RATES: TypeAdapter[list[_Rate]] = TypeAdapter(list[_Rate])
_OFFICES: TypeAdapter[list[dict[str, object]]] = TypeAdapter(list[dict[str, object]])


@dataclass(frozen=True, slots=True)
class PriceGround:
    """What the counter of an office reckoned with on a day."""

    tariff: Tariff
    rate: ExchangeRate | None
    offices: Mapping[str, OfficeV1]


def ground_on(day: date, manifest: Manifest, parts: Mapping[Part, str]) -> PriceGround:
    """Read off a bundle what counted on a day.

    Raises: NoTariffInForce.
    """
    tariff = next((one for one in _TARIFFS.validate_json(parts[Part.TARIFFS]) if one.holds_on(day)), None)
    if tariff is None:
        raise NoTariffInForce
    offices = [OfficeV1.model_validate(one | {"version": 0}) for one in _OFFICES.validate_json(parts[Part.OFFICES])]
    return PriceGround(tariff, _rate_on(day, parts[Part.RATES], manifest.made_at), {o.office: o for o in offices})


def _rate_on(day: date, part: str, made_at: datetime) -> ExchangeRate | None:
    known = [one for one in _RATES.validate_json(part) if one.day <= day]
    last = max(known, key=lambda one: one.day, default=None)
    # Who set it stands where rates are kept, and in no bundle.
    return ExchangeRate(last.day, last.riel_per_usd, "", made_at, last.version) if last else None
