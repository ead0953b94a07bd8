"""The letters that the numbers of each service begin with, by day, in dated files.

Provisional until Cambodia Post confirms its own; what they rest on is said in their file.
"""

from collections.abc import Collection
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Self, get_args

from pydantic import StringConstraints, model_validator

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.numbers.domain.ranges import may_be_granted
from services.parcel.pricing.domain.tariff import Option
from shared.contracts.parcel import Service
from shared.editions import Edition, Editions
from shared.errors import Conflict

FILES = Path(__file__).parents[1] / "indicators"

Letters = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class NoIndicatorsInForce(Conflict):
    """No service indicators are in force on this day; an administrator must add some."""

    slug = "no-indicators-in-force"


class Indicators(Edition):
    """One edition of all service indicators."""

    domestic: Letters
    """Of every service at home."""
    abroad: dict[Service, Letters]
    registered: Letters
    """Of every registered item of letter post for abroad, a small packet too."""

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Self:
        letters = [self.domestic, *self.abroad.values()]
        if set(self.abroad) != set(get_args(Service)):
            raise ValueError("each service needs its letters")
        if len(set(letters)) < len(letters):
            raise ValueError("two services have the same letters")
        if unfit := [one for one in (*letters, self.registered) if not may_be_granted(one)]:
            raise ValueError(f"no number of ours begins with {unfit[0]}")
        return self

    def service_of(self, indicator: str) -> Service | None:
        """Return the service abroad whose letters these are; None at home, where they stand for every service."""
        return next((service for service, letters in self.abroad.items() if letters == indicator), None)


@cache
def editions() -> Editions[Indicators]:
    """Return every edition there is."""
    return Editions.read(FILES, Indicators)


def indicators_on(day: date) -> Indicators:
    """Return the indicators in force on a day.

    Raises: NoIndicatorsInForce.
    """
    return editions().in_force(day, NoIndicatorsInForce)


def indicator_for(service: Service, destination_country: str, options: Collection[Option], on: date) -> str:
    """Return the two letters that an item number begins with which is given on a day.

    Raises: NoIndicatorsInForce.
    """
    indicators = indicators_on(on)
    if destination_country == DOMESTIC:
        return indicators.domestic
    return indicators.registered if Option.REGISTERED in options else indicators.abroad[service]
