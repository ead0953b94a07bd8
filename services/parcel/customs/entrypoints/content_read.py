"""What a clerk reads off the customs form (CN 22, CN 23) of an item from abroad."""

from typing import Annotated

from pydantic import Field
from pydantic.config import JsonDict

from services.parcel.customs.domain.declaration import Category
from services.parcel.customs.domain.inbound import Addressee
from services.parcel.customs.domain.itmatt import MOST_ARTICLES, AdvanceData, Article, CurrencyCode, ItmattParty
from services.parcel.customs.entrypoints.bodies import AmountMinor, WeightG
from services.parcel.forms import Body, Text
from shared.errors import FieldProblem, Invalid

HEAVIEST_G = 100_000
READ: JsonDict = {
    "category": "gift",
    "currency": "KRW",
    "lines": [{"description": "Ginseng tea", "quantity": 2, "net_weight_g": 700, "value_minor": 48000}],
    "total_weight_g": 900,
}


class LineReadBody(Body):
    """Things of one kind; weight and value are of all of them together."""

    description: Text
    quantity: Annotated[int, Field(ge=1, le=100_000)]
    net_weight_g: WeightG
    value_minor: AmountMinor
    """In the minor unit of the currency."""


class ContentReadBody(Body):
    """What an item holds, as its sender wrote it on the form; all values are in one currency."""

    category: Category
    currency: CurrencyCode
    lines: Annotated[list[LineReadBody], Field(min_length=1, max_length=MOST_ARTICLES)]
    explanation: Text | None = None
    """What the item is sent for, if the category is other."""
    total_value_minor: AmountMinor | None = None
    """The values of the lines together if left out."""
    total_weight_g: Annotated[int, Field(ge=1, le=HEAVIEST_G)] | None = None
    """Of the whole item; the weights of the lines together if left out."""

    @property
    def lines_weight_g(self) -> int:
        """Return what the things weigh together."""
        return sum(line.net_weight_g for line in self.lines)

    @property
    def lines_value_minor(self) -> int:
        """Return what the things are worth together."""
        return sum(line.value_minor for line in self.lines)

    def must_add_up(self) -> None:
        """Check that the things weigh and are worth no more than the whole.

        Raises: Invalid.
        """
        problems = []
        if self.lines_weight_g > (self.total_weight_g or HEAVIEST_G):
            message = "The things weigh more than a whole item; read the weights off the form again."
            problems.append(FieldProblem("content.lines", "heavier-than-item", message))
        if self.total_value_minor is not None and self.total_value_minor < self.lines_value_minor:
            message = "The things are worth more together; read the values off the form again."
            problems.append(FieldProblem("content.total_value_minor", "less-than-lines", message))
        if problems:
            raise Invalid(problems)

    def advance_data(self, item_number: str, sender_name: str, addressee: Addressee) -> AdvanceData:
        """Return the content as the post of origin would have told it ahead."""
        value_minor = self.lines_value_minor if self.total_value_minor is None else self.total_value_minor
        return AdvanceData(
            item_number=item_number,
            category=self.category.value,
            explanation=self.explanation,
            sender=ItmattParty(name=sender_name, country=item_number[-2:]),
            addressee=addressee.party(),
            total_value_minor=value_minor,
            currency=self.currency,
            total_weight_g=self.total_weight_g or self.lines_weight_g,
            articles=[Article(**line.model_dump()) for line in self.lines],
        )
