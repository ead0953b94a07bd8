"""Quotes over HTTP: what an item costs; a question that writes nothing."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import ConfigDict, Field, StringConstraints
from pydantic.config import JsonDict

from services.parcel.addresses.domain.countries import DOMESTIC, must_be_country
from services.parcel.forms import Body, CountryCode, OfficeCode, Serving
from services.parcel.pricing.domain.limits import Shape, across
from services.parcel.pricing.domain.payer import Payer
from services.parcel.pricing.domain.quote import Question
from services.parcel.pricing.entrypoints.price_views import Options, PriceView
from services.parcel.pricing.use_cases.quote_price import quote_price
from shared import clock
from shared.access.directory import Directory
from shared.access.roles import COUNTER, Actor, Role
from shared.access.scopes import Scope
from shared.contracts.parcel import Service
from shared.errors import FieldProblem, Invalid, gathering
from shared.web.access import actor_with

router = APIRouter(tags=["pricing"])

Asker = Annotated[
    Actor, Depends(actor_with(*COUNTER, Role.ADMINISTRATOR, Role.TRADER, scope=Scope.QUOTES_READ, practice=True))
]
"""Practice keys too: a quote writes nothing and shows no parcel."""

SideMm = Annotated[int, Field(ge=1, le=3_000)]
AmountRiel = Annotated[int, Field(ge=0, le=1_000_000_000)]


EXAMPLE: JsonDict = {
    "office": "TK01A",
    "collecting_office": "TK03A",
    "weight_g": 1200,
    "options": ["door_delivery"],
    "payer": "cod",
    "cod_amount_riel": 52000,
}


class QuoteBody(Body):
    """What somebody wants to send."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    office: OfficeCode | None = None
    """The office of posting; yours if left out. Traders name one."""
    service: Service = "parcel"
    destination_country: CountryCode = DOMESTIC
    collecting_office: OfficeCode | None = None
    weight_g: Annotated[int, Field(ge=1, le=100_000)]
    length_mm: SideMm | None = None
    width_mm: SideMm | None = None
    height_mm: SideMm | None = None
    shape: Shape = "box"
    """Width and height of a roll are both its diameter."""
    options: Options = frozenset()
    declared_value_riel: AmountRiel = 0
    """What the item is insured for; 0 for nothing."""
    cod_amount_riel: AmountRiel = 0
    """What is collected from the recipient for the sender; 0 for nothing."""
    payer: Payer = Payer.SENDER
    day: date | None = None
    """The day whose tariff, limits and rate count; today if left out."""
    tariff_version: Annotated[str, StringConstraints(min_length=1, max_length=60)] | None = None
    """A tariff by name, to reckon an earlier amount again."""

    def question(self, actor: Actor, directory: Directory, day: date) -> Question:
        """Return what is asked for a day.

        Raises: Invalid.
        """
        with gathering() as part:
            with part():
                origin_district = _district_of(self.office or actor.office, directory, "office", day)
            with part():
                destination = self._destination(directory, day)
        sides_mm = (self.length_mm, *across(self.shape, self.width_mm, self.height_mm))
        return Question(
            service=self.service,
            origin_district=origin_district,
            destination=destination,
            weight_g=self.weight_g,
            sides_mm=tuple(side for side in sides_mm if side),
            shape=self.shape,
            options=self.options,
            declared_value_riel=self.declared_value_riel,
            cod_amount_riel=self.cod_amount_riel,
            payer=self.payer,
        )

    def _destination(self, directory: Directory, day: date) -> str:
        if self.destination_country == DOMESTIC:
            return _district_of(self.collecting_office, directory, "collecting_office", day)
        must_be_country(self.destination_country)
        return self.destination_country


class QuoteView(PriceView):
    """A price before anything is registered."""

    rounding_rule: str


@router.post("/quotes")
async def ask(body: QuoteBody, actor: Asker, service: Serving) -> QuoteView:
    """Ask what an item costs."""
    day = body.day or clock.now().astimezone(clock.LOCAL).date()
    question = body.question(actor, service.directory, day)
    async with service.database.connection() as connection:
        return QuoteView.model_validate(await quote_price(connection, question, day, body.tariff_version))


def _district_of(office: str | None, directory: Directory, field: str, day: date) -> str:
    entry = directory.offices.get(office or "")
    if entry is None:
        message = "Name an office; there is none of this code." if office else "Name an office by its code."
        raise Invalid([FieldProblem(field, "unknown-office" if office else "missing", message)])
    if not entry.takes_in(day):
        raise Invalid([FieldProblem(field, "office-closed", "This office takes in no parcels on that day.")])
    return entry.district_code
