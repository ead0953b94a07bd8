"""A tariff: what each service costs in riel, by zone and weight, and what is charged beside the postage."""

from datetime import date
from enum import StrEnum
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from pydantic import Field, model_validator

from services.parcel.pricing.domain.payer import Payer
from services.parcel.pricing.domain.zones import CountryZones, DomesticZone, DomesticZones
from shared.contracts.parcel import Service
from shared.editions import Edition, Editions, Part
from shared.errors import Conflict, NotFound

FILES = Path(__file__).parents[1] / "tariffs"


class NoTariffInForce(Conflict):
    """No tariff is in force on this day; an administrator must add one."""

    slug = "no-tariff-in-force"


class TariffNotFound(NotFound):
    """There is no tariff of this version."""

    slug = "tariff-not-found"


class Option(StrEnum):
    """What a sender may ask for beside the carriage."""

    REGISTERED = "registered"
    ADVICE_OF_RECEIPT = "advice_of_receipt"
    DOOR_DELIVERY = "door_delivery"


class Step(NamedTuple):
    """Postage of what weighs no more than this."""

    up_to_g: int
    riel: int


class Further(Part):
    """Steps of equal size after the named ones."""

    each_g: int = Field(gt=0)
    riel: int = Field(ge=0)
    up_to_g: int


class Postage(Part):
    """Postage in one zone, by weight."""

    first: tuple[Step, ...] = Field(min_length=1)
    further: Further | None = None

    @model_validator(mode="after")
    def _rise(self) -> "Postage":
        if any(higher.up_to_g <= lower.up_to_g or higher.riel < lower.riel for lower, higher in pairwise(self.steps)):
            raise ValueError("weights rise from step to step, and no price falls")
        return self

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Return every step, the lightest first."""
        last = self.first[-1]
        if self.further is None:
            return self.first
        rest = range(last.up_to_g + self.further.each_g, self.further.up_to_g + 1, self.further.each_g)
        return (*self.first, *(Step(up_to, last.riel + n * self.further.riel) for n, up_to in enumerate(rest, start=1)))

    def step_of(self, weight_g: int) -> Step | None:
        """Return the step that a weight falls into, None above the last."""
        return next((step for step in self.steps if weight_g <= step.up_to_g), None)


class OptionPrice(Part):
    """What an option costs, and when it can be had."""

    riel: int = Field(ge=0)
    abroad: bool = True
    needs: Option | None = None
    """An option without which this one is not given."""


class Oversize(Part):
    """What is charged for an item larger than this, which the limits allow all the same."""

    over_side_mm: int
    over_length_and_girth_mm: int
    riel: int

    def applies_to(self, sides_mm: tuple[int, ...]) -> bool:
        """Tell whether an item is so large; unknown sides count as none."""
        if not sides_mm:
            return False
        longest, *others = sorted(sides_mm, reverse=True)
        return longest > self.over_side_mm or longest + 2 * sum(others) > self.over_length_and_girth_mm


class Insurance(Part):
    """What it costs to insure the declared value."""

    riel_per_thousand: int
    minimum_riel: int
    most_declared_riel: int


class CodFee(Part):
    """What it costs to collect money at hand-over."""

    basis_points: int
    minimum_riel: int
    maximum_riel: int
    most_collected_riel: int
    abroad: bool = False


class Volumetric(Part):
    """Weight by volume: cubic centimetres a kilogram, which is cubic millimetres a gram."""

    divisor: int = Field(gt=0)
    from_side_mm: int
    """Counts only for items with a side as long as this."""

    def weight_g(self, sides_mm: tuple[int, ...]) -> int:
        """Return the weight that the volume counts as; 0 unless all three sides are known."""
        if len(sides_mm) < 3 or max(sides_mm) < self.from_side_mm:
            return 0
        length, width, height = sides_mm
        return -(-length * width * height // self.divisor)


class Offer(Part):
    """One service's prices; what is None or left out is not offered."""

    postage: dict[str, Postage]
    """By zone."""
    options: dict[Option, OptionPrice] = Field(default_factory=dict)
    oversize: Oversize | None = None
    insurance: Insurance | None = None
    cod: CodFee | None = None
    volumetric: Volumetric | None = None


class Money(Part):
    """How amounts are rounded, and how long a rate of exchange is fresh."""

    nearest_riel: int = Field(gt=0)
    rate_stale_after_days: int


class Payers(Part):
    """Who may pay."""

    domestic: tuple[Payer, ...]
    abroad: tuple[Payer, ...]


class Tariff(Edition):
    """One edition of all prices."""

    money: Money
    payers: Payers
    domestic_zones: DomesticZones
    country_zones: CountryZones
    services: dict[Service, Offer]

    @model_validator(mode="after")
    def _price_known_zones(self) -> "Tariff":
        known = {*DomesticZone, *self.country_zones.names()}
        priced = {zone for offer in self.services.values() for zone in offer.postage}
        if priced - known:
            raise ValueError(f"there is no zone {min(priced - known)}")
        return self


@cache
def editions() -> Editions[Tariff]:
    """Return every tariff there is, those of earlier times too."""
    return Editions.read(FILES, Tariff)


def tariff_on(day: date) -> Tariff:
    """Return the tariff in force on a day.

    Raises: NoTariffInForce.
    """
    return editions().in_force(day, NoTariffInForce)


def tariff_of(version: str) -> Tariff:
    """Return a tariff by its name, so that an amount can be reckoned again.

    Raises: TariffNotFound.
    """
    tariff = editions().by_version.get(version)
    if tariff is None:
        raise TariffNotFound
    return tariff
