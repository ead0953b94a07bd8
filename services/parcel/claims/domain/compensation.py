"""What the post pays, by service and ground: the content's value up to a cap, and postage back; dated tables.

Caps of items that stay in the country are in riel, those of items abroad in special drawing rights. Every part of a
riel, cent or right is taken downward, so that nothing is ever above a cap.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from services.parcel.claims.domain.claim import Ground, Worth
from services.parcel.pricing.domain.money import Amount, Currency
from shared.contracts.parcel import Service
from shared.editions import Edition, Editions, Part
from shared.errors import Conflict

FILES = Path(__file__).parents[1] / "compensations"
Minor = Annotated[int, Field(ge=0)]


class NoCompensationInForce(Conflict):
    """No table of compensation is in force on this day; an administrator must add one."""

    slug = "no-compensation-in-force"


class NotCompensated(Conflict):
    """By the table nothing is paid for this service and ground; propose to refuse the claim."""

    slug = "not-compensated"


class RateNeeded(Conflict):
    """No exchange rate is known, without which this cannot be reckoned; set the day's rate first."""

    slug = "claim-needs-rate"


class Band(NamedTuple):
    """The cap of what weighs no more than this."""

    up_to_g: int
    minor: int


class Cover(Part):
    """What is paid for one service and ground."""

    unit: Literal["KHR", "SDR"]
    per_item_minor: Minor = 0
    """Whole riel, or hundredths of a special drawing right."""
    per_kg_minor: Minor = 0
    bands: tuple[Band, ...] = ()
    registered_alone: bool = False
    refunds_postage: bool = False
    """All of it but the charge for insurance."""
    source: str

    @model_validator(mode="after")
    def _rise(self) -> "Cover":
        if any(heavier.up_to_g <= lighter.up_to_g for lighter, heavier in pairwise(self.bands)):
            raise ValueError("weights rise from band to band")
        if any(band.minor < 0 for band in self.bands):
            raise ValueError("no cap is below nothing")
        return self

    def cap_minor(self, weight_g: int) -> int:
        """Return the cap of a weight in its unit; what is heavier than the last band has that of the last."""
        band = next((one.minor for one in self.bands if weight_g <= one.up_to_g), None)
        if band is None:
            band = self.bands[-1].minor if self.bands else 0
        return self.per_item_minor + band + self.per_kg_minor * weight_g // 1000


Covers = Mapping[Service, Mapping[Ground, Cover]]


class Compensations(Edition):
    """The table of one span of days."""

    cents_per_sdr: Annotated[int, Field(gt=0)]
    nearest_riel: Annotated[int, Field(gt=0)]
    """Riel are paid in multiples of this."""
    domestic: Covers
    international: Covers

    def cover_of(self, service: Service, ground: Ground, *, is_international: bool, is_registered: bool) -> Cover:
        """Return what is paid for a service and ground.

        Raises: NotCompensated.
        """
        covers = self.international if is_international else self.domestic
        cover = covers.get(service, {}).get(ground)
        if cover is None or (cover.registered_alone and not is_registered):
            raise NotCompensated
        return cover


@dataclass(frozen=True, slots=True)
class Claimed:
    """An item as its compensation is reckoned."""

    service: Service
    is_international: bool
    weight_g: int
    is_registered: bool
    insured_value: Amount | None
    postage_riel: int
    """What was paid for it and not given back, without the charge for insurance."""


@cache
def editions() -> Editions[Compensations]:
    """Return every table there is."""
    return Editions.read(FILES, Compensations)


def compensations_on(day: date) -> Compensations:
    """Return the table of a day.

    Raises: NoCompensationInForce.
    """
    return editions().in_force(day, NoCompensationInForce)


def worth_of(
    table: Compensations, item: Claimed, ground: Ground, value: Amount, currency: Currency, riel_per_usd: int | None
) -> Worth:
    """Reckon what a claim is worth: the value that was proven, up to the cap or what was insured, and postage.

    Raises: NotCompensated, RateNeeded.
    """
    cover = table.cover_of(
        item.service, ground, is_international=item.is_international, is_registered=item.is_registered
    )
    cap_riel = _cap_riel(table, cover, item, ground, riel_per_usd)
    content_riel = max(0, min(_in_riel(value, riel_per_usd), cap_riel))
    postage_riel = max(0, item.postage_riel) if cover.refunds_postage else 0
    paid = _Paying(table.nearest_riel, currency, riel_per_usd)
    return Worth(
        paid.minor(content_riel),
        paid.minor(postage_riel),
        currency,
        paid.minor(cap_riel),
        table.version,
        riel_per_usd,
    )


@dataclass(frozen=True, slots=True)
class _Paying:
    """How riel are paid: in multiples, or in dollars at the day's rate."""

    nearest_riel: int
    currency: Currency
    riel_per_usd: int | None

    def minor(self, amount_riel: int) -> int:
        if self.currency == "KHR":
            return amount_riel // self.nearest_riel * self.nearest_riel
        if self.riel_per_usd is None:
            raise RateNeeded
        return amount_riel * 100 // self.riel_per_usd


def _cap_riel(table: Compensations, cover: Cover, item: Claimed, ground: Ground, riel_per_usd: int | None) -> int:
    if item.insured_value and ground is not Ground.RETURN:
        return _in_riel(item.insured_value, riel_per_usd)
    cap_minor = cover.cap_minor(item.weight_g)
    if cover.unit == "KHR" or not cap_minor:
        return cap_minor
    if riel_per_usd is None:
        raise RateNeeded
    return cap_minor * table.cents_per_sdr * riel_per_usd // 10_000


def _in_riel(amount: Amount, riel_per_usd: int | None) -> int:
    if amount.currency == "USD" and riel_per_usd is None:
        raise RateNeeded
    return amount.in_riel(riel_per_usd or 0)
