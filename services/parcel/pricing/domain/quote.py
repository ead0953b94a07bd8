"""A quote: what it costs to carry one item, line by line in riel, and the same total in dollars."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.pricing.domain.exchange_rate import ExchangeRate
from services.parcel.pricing.domain.limits import Shape, limits_on
from services.parcel.pricing.domain.money import cents_up, nearest_riel
from services.parcel.pricing.domain.payer import Payer, payer_problems
from services.parcel.pricing.domain.tariff import Offer, Option, Step, Tariff, tariff_of, tariff_on
from shared.contracts.parcel import Service
from shared.errors import FieldProblem, Invalid, gathering


class LineCode(StrEnum):
    """What a line of a price is for."""

    POSTAGE = "postage"
    REGISTERED = "registered"
    ADVICE_OF_RECEIPT = "advice_of_receipt"
    DOOR_DELIVERY = "door_delivery"
    OVERSIZE = "oversize"
    INSURANCE = "insurance"
    COD_FEE = "cod_fee"


Charge: TypeAlias = tuple[LineCode, Decimal | int]
"""A line before it is rounded."""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants carried; sides may be unknown, amounts are 0 where there is nothing to insure or collect."""

    service: Service
    origin_district: str
    destination: str
    """District code, or country code for what goes abroad; of a kept price the country alone."""
    weight_g: int
    sides_mm: tuple[int, ...] = ()
    shape: Shape = "box"
    options: frozenset[Option] = frozenset()
    declared_value_riel: int = 0
    cod_amount_riel: int = 0
    payer: Payer = Payer.SENDER
    zone: str | None = None
    """As a kept price has it; districts, which may be others today, do not count then."""

    @property
    def is_domestic(self) -> bool:
        """Tell whether it stays in the country."""
        return self.destination == DOMESTIC or self.destination.isdigit()

    @property
    def country(self) -> str:
        """Return the country that it goes to."""
        return DOMESTIC if self.is_domestic else self.destination


@dataclass(frozen=True, slots=True)
class Line:
    """One part of a price."""

    code: LineCode
    amount_riel: int


@dataclass(frozen=True, slots=True)
class UsdTotal:
    """The total in dollars, and the rate that made it."""

    amount_cents: int
    riel_per_usd: int
    rate_day: date
    stale: bool
    """The rate was set many days ago."""


@dataclass(frozen=True, slots=True)
class Price:
    """An answer; together with the question and the tariff's version it can be reckoned again."""

    lines: tuple[Line, ...]
    total_riel: int
    usd: UsdTotal | None
    """None until somebody sets a rate."""
    tariff_version: str
    sample: bool
    zone: str
    volumetric_weight_g: int
    chargeable_weight_g: int
    """The greater of weight and volumetric weight, up to the end of its step."""
    rounded_to_riel: int

    @property
    def rounding_rule(self) -> str:
        """Return the rule as a sentence."""
        return f"Each line to the nearest {self.rounded_to_riel} riel, half of it upward; dollars upward to the cent."


def price_on(
    question: Question,
    rate: ExchangeRate | None,
    day: date,
    tariff_version: str | None = None,
    given: Tariff | None = None,
) -> Price:
    """Reckon what an item costs on a day, by the limits and the tariff in force or by the tariff named or given.

    Raises: NoTariffInForce, TariffNotFound, NoLimitsInForce, Invalid.
    """
    tariff = given or (tariff_of(tariff_version) if tariff_version else tariff_on(day))
    above = limits_on(day).problems(
        question.service, question.country, question.weight_g, question.sides_mm, question.shape
    )
    try:
        price = quote(question, tariff, rate, day)
    except Invalid as refusal:
        raise Invalid([*above, *refusal.problems]) from refusal
    if above:
        raise Invalid(above)
    return price


def quote(question: Question, tariff: Tariff, rate: ExchangeRate | None, day: date) -> Price:
    """Reckon what an item costs, in dollars too.

    Raises: Invalid, with every reason why it has no price.
    """
    return _price(question, tariff, lambda total_riel: _in_dollars(total_riel, tariff, rate, day))


def reckon_again(question: Question, kept: Price) -> Price:
    """Reckon a kept price again: in its zone, by the tariff that it names and the rate that it was given with.

    Raises: TariffNotFound, Invalid.
    """

    def in_dollars(total_riel: int) -> UsdTotal | None:
        return kept.usd and replace(kept.usd, amount_cents=cents_up(total_riel, kept.usd.riel_per_usd))

    return _price(replace(question, zone=kept.zone), tariff_of(kept.tariff_version), in_dollars)


def _price(question: Question, tariff: Tariff, in_dollars: Callable[[int], UsdTotal | None]) -> Price:
    offer = tariff.services.get(question.service)
    if offer is None:
        raise Invalid(
            [FieldProblem("service", "not-offered", "Choose another service; this tariff has no price for it.")]
        )
    volumetric_g = offer.volumetric.weight_g(question.sides_mm) if offer.volumetric else 0
    with gathering() as part:
        with part():
            zone = _zone(question, tariff)
            step = _step(max(question.weight_g, volumetric_g), offer, zone)
        with part():
            extra = _extra(question, offer)
    unit_riel = tariff.money.nearest_riel
    charges: list[Charge] = [(LineCode.POSTAGE, step.riel), *extra]
    lines = tuple(Line(code, nearest_riel(amount, unit_riel)) for code, amount in charges)
    total_riel = sum(line.amount_riel for line in lines)
    _must_have_payer(question, tariff, total_riel)
    return Price(
        lines=lines,
        total_riel=total_riel,
        usd=in_dollars(total_riel),
        tariff_version=tariff.version,
        sample=tariff.sample,
        zone=zone,
        volumetric_weight_g=volumetric_g,
        chargeable_weight_g=step.up_to_g,
        rounded_to_riel=unit_riel,
    )


def _zone(question: Question, tariff: Tariff) -> str:
    if question.zone is not None:
        return question.zone
    if question.is_domestic:
        return tariff.domestic_zones.zone_of(question.origin_district, question.destination)
    return tariff.country_zones.zone_of(question.country)


def _step(weight_g: int, offer: Offer, zone: str) -> Step:
    postage = offer.postage.get(zone)
    if postage is None:
        raise Invalid([FieldProblem("service", "not-offered-there", "Choose another service for this destination.")])
    step = postage.step_of(weight_g)
    if step is None:
        message = f"This service has prices up to {postage.steps[-1].up_to_g} g there; this counts as {weight_g} g."
        raise Invalid([FieldProblem("weight_g", "above-tariff", message)])
    return step


def _extra(question: Question, offer: Offer) -> list[Charge]:
    """Return what is charged beside the postage.

    Raises: Invalid.
    """
    wanted = (
        (question.options, _for_options),
        (question.sides_mm, _for_size),
        (question.declared_value_riel, _for_insurance),
        (question.cod_amount_riel, _for_collecting),
    )
    charges: list[Charge] = []
    with gathering() as part:
        for charge in (charge for asked, charge in wanted if asked):
            with part():
                charges += charge(question, offer)
    return charges


def _for_options(question: Question, offer: Offer) -> Iterator[Charge]:
    for option in Option:
        if option not in question.options:
            continue
        price = offer.options.get(option)
        if price is None or not (question.is_domestic or price.abroad):
            message = f"Leave out {option}: this service does not offer it there."
            raise Invalid([FieldProblem("options", "not-offered", message)])
        if price.needs and price.needs not in question.options:
            message = f"Add {price.needs}: {option} is given with it only."
            raise Invalid([FieldProblem("options", "needs-another", message)])
        yield LineCode(option.value), price.riel


def _for_size(question: Question, offer: Offer) -> Iterator[Charge]:
    if offer.oversize and offer.oversize.applies_to(question.sides_mm):
        yield LineCode.OVERSIZE, offer.oversize.riel


def _for_insurance(question: Question, offer: Offer) -> Iterator[Charge]:
    declared_riel, insurance = question.declared_value_riel, offer.insurance
    if insurance is None:
        message = "Leave out the declared value: this service insures nothing."
        raise Invalid([FieldProblem("declared_value_riel", "not-offered", message)])
    if declared_riel > insurance.most_declared_riel:
        message = f"At most {insurance.most_declared_riel} riel can be insured."
        raise Invalid([FieldProblem("declared_value_riel", "above-ceiling", message)])
    premium = Decimal(declared_riel * insurance.riel_per_thousand) / 1_000
    yield LineCode.INSURANCE, max(premium, Decimal(insurance.minimum_riel))


def _for_collecting(question: Question, offer: Offer) -> Iterator[Charge]:
    amount_riel, cod = question.cod_amount_riel, offer.cod
    if cod is None or not (question.is_domestic or cod.abroad):
        message = "Leave out the amount to collect: this service collects none there."
        raise Invalid([FieldProblem("cod_amount_riel", "not-offered", message)])
    if amount_riel > cod.most_collected_riel:
        message = f"At most {cod.most_collected_riel} riel can be collected."
        raise Invalid([FieldProblem("cod_amount_riel", "above-ceiling", message)])
    fee = Decimal(amount_riel * cod.basis_points) / 10_000
    yield LineCode.COD_FEE, min(max(fee, Decimal(cod.minimum_riel)), Decimal(cod.maximum_riel))


def _must_have_payer(question: Question, tariff: Tariff, total_riel: int) -> None:
    payers = tariff.payers.domestic if question.is_domestic else tariff.payers.abroad
    problems = payer_problems(question.payer, total_riel, question.cod_amount_riel)
    if question.payer not in payers:
        problems = [FieldProblem("payer", "not-offered", f"On this way one of these pays: {', '.join(payers)}.")]
    if problems:
        raise Invalid(problems)


def _in_dollars(total_riel: int, tariff: Tariff, rate: ExchangeRate | None, day: date) -> UsdTotal | None:
    if rate is None:
        return None
    return UsdTotal(
        amount_cents=cents_up(total_riel, rate.riel_per_usd),
        riel_per_usd=rate.riel_per_usd,
        rate_day=rate.day,
        stale=rate.is_stale(day, tariff.money.rate_stale_after_days),
    )
