"""What a counter asks for when it registers a parcel, whether it can be granted, and what it costs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.posting.domain.non_delivery import IfUndeliverable
from services.parcel.posting.domain.parcel import Parcel
from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.postage import Postage
from services.parcel.pricing.domain.exchange_rate import ExchangeRate
from services.parcel.pricing.domain.limits import Shape, limits_on
from services.parcel.pricing.domain.money import Amount
from services.parcel.pricing.domain.payer import Payer
from services.parcel.pricing.domain.quote import Price, Question, price_on
from services.parcel.pricing.domain.tariff import Option, Tariff
from shared.contracts.directory import OfficeV1
from shared.contracts.parcel import Service
from shared.errors import FieldProblem, Invalid, gathering

ASKED_AS = {
    "declared_value_riel": "insured_value",
    "cod_amount_riel": "cod",
    "origin": "office",
    "destination": "collecting_office",
}
"""What a registration calls the fields of a price's question."""


@dataclass(frozen=True, slots=True)
class RegisterParcel:
    """One parcel to register; where sides are missing, the counter may say that it is within the limits of size."""

    office: str
    service: Service
    destination_country: str
    collecting_office: str | None
    weight_g: int
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    sender: Person
    recipient: Person
    order_reference: str | None
    trader: str | None = None
    shape: Shape = "box"
    payer: Payer = Payer.SENDER
    insured_value: Amount | None = None
    cod: Amount | None = None
    """What is to be collected from the recipient for the sender."""
    options: frozenset[Option] = frozenset()
    fits_limits: bool = False
    if_undeliverable: IfUndeliverable = IfUndeliverable.RETURN
    redirect_to: str | None = None

    def parcel(
        self, item_number: str, link_secret: str, postage: Postage, registered_by: str, registered_at: datetime
    ) -> Parcel:
        """Return the parcel that is asked for, as it is when it gets its number."""
        return Parcel(
            item_number=item_number,
            office=self.office,
            service=self.service,
            destination_country=self.destination_country,
            collecting_office=self.collecting_office,
            weight_g=self.weight_g,
            length_mm=self.length_mm,
            width_mm=self.width_mm,
            height_mm=self.height_mm,
            sender=self.sender,
            recipient=self.recipient,
            order_reference=self.order_reference,
            link_secret=link_secret,
            registered_by=registered_by,
            registered_at=registered_at,
            trader=self.trader,
            postage=postage,
            fits_limits=self.fits_limits,
            if_undeliverable=self.if_undeliverable,
            redirect_to=self.redirect_to,
        )

    def postage(
        self,
        offices: Mapping[str, OfficeV1],
        traders: Collection[str],
        rate: ExchangeRate | None,
        day: date,
        given: Tariff | None = None,
    ) -> Postage:
        """Check sizes, limits, places, the shop and who pays, and reckon the price by the tariff and the rate of a day.

        Where a tariff is given it counts, not the one that is in force.

        Raises: NoTariffInForce, NoLimitsInForce, Invalid, with every problem found.
        """
        with gathering() as part:
            with part():
                self._must_have_sizes(day)
            with part():
                price = self._price(offices, traders, rate, day, given)
        return Postage(self.payer, price, self.insured_value, self.cod)

    def _must_have_sizes(self, day: date) -> None:
        """Check that limits of size can hold: without sides they would vanish.

        Raises: NoLimitsInForce, Invalid.
        """
        if not self.fits_limits and limits_on(day).lacks_sides(self.service, self._sides_mm, self.shape):
            message = (
                "Measure length, width and height (of a roll length and diameter as width); or, if you see that it is "
                "within the limits and not so large that size costs, say so with `fits_limits`."
            )
            raise Invalid([FieldProblem("size_mm", "missing", message)])

    def _price(
        self,
        offices: Mapping[str, OfficeV1],
        traders: Collection[str],
        rate: ExchangeRate | None,
        day: date,
        given: Tariff | None,
    ) -> Price:
        problems = self._place_problems(offices, traders, day)
        if problems:
            # Without its places it has no price; what is too heavy or too large is told all the same.
            raise Invalid([*self._limit_problems(day), *problems])
        try:
            return price_on(self._question(offices, rate), rate, day, given=given)
        except Invalid as refusal:
            named = [replace(one, field=ASKED_AS.get(one.field, one.field)) for one in refusal.problems]
            raise Invalid(named) from refusal

    @property
    def _sides_mm(self) -> tuple[int, ...]:
        return tuple(side for side in (self.length_mm, self.width_mm, self.height_mm) if side)

    def _limit_problems(self, day: date) -> list[FieldProblem]:
        limits = limits_on(day)
        return limits.problems(self.service, self.destination_country, self.weight_g, self._sides_mm, self.shape)

    def _place_problems(
        self, offices: Mapping[str, OfficeV1], traders: Collection[str], day: date
    ) -> list[FieldProblem]:
        problems = []
        if self.office not in offices:
            problems.append(FieldProblem("office", "unknown-office", "There is no office of this code."))
        for field, code in (("office", self.office), ("collecting_office", self.collecting_office)):
            office = offices.get(code) if code else None
            if office is not None and not office.takes_in(day):
                message = "This office takes in no parcels any more; name another one."
                problems.append(FieldProblem(field, "office-closed", message))
        if self.destination_country != DOMESTIC and self.collecting_office:
            message = "Leave it out for a parcel that goes abroad."
            problems.append(FieldProblem("collecting_office", "not-domestic", message))
        if self.destination_country == DOMESTIC and self.collecting_office not in offices:
            message = "A domestic parcel needs the code of the office where it will wait."
            problems.append(FieldProblem("collecting_office", "unknown-office", message))
        if self.trader is not None and self.trader not in traders:
            problems.append(FieldProblem("trader", "unknown-trader", "There is no shop of this id that may send."))
        return problems

    def _question(self, offices: Mapping[str, OfficeV1], rate: ExchangeRate | None) -> Question:
        """Return what the price depends on.

        Raises: Invalid.
        """
        declared_value_riel = cod_amount_riel = 0
        if self.insured_value or self.cod:
            with gathering() as part:
                with part():
                    declared_value_riel = _in_riel(self.insured_value, rate, "insured_value")
                with part():
                    cod_amount_riel = _in_riel(self.cod, rate, "cod")
        waits_at = offices[self.collecting_office] if self.collecting_office else None
        return Question(
            service=self.service,
            origin_district=offices[self.office].district_code,
            destination=waits_at.district_code if waits_at else self.destination_country,
            weight_g=self.weight_g,
            sides_mm=self._sides_mm,
            shape=self.shape,
            options=self.options,
            declared_value_riel=declared_value_riel,
            cod_amount_riel=cod_amount_riel,
            payer=self.payer,
        )


def _in_riel(amount: Amount | None, rate: ExchangeRate | None, field: str) -> int:
    if amount is None:
        return 0
    if amount.currency != "KHR" and rate is None:
        message = "Name the amount in riel: nobody has set what a dollar is worth."
        raise Invalid([FieldProblem(f"{field}.currency", "no-rate", message)])
    return amount.in_riel(rate.riel_per_usd if rate else 1)
