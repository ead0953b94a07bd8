"""The price of a parcel reckoned again from what was kept with it, whatever offices, rates and tariffs say today."""

from dataclasses import dataclass

from services.parcel.posting.domain.parcel import NoPriceKept, Parcel
from services.parcel.posting.domain.postage import Postage
from services.parcel.pricing.domain.money import Amount
from services.parcel.pricing.domain.quote import Price, Question, reckon_again


@dataclass(frozen=True, slots=True)
class PriceAgain:
    """A kept price beside the same price reckoned anew."""

    item_number: str
    kept: Price
    recomputed: Price

    @property
    def same(self) -> bool:
        """Tell whether both are alike, line by line; if not, the file of that tariff was changed."""
        return self.kept == self.recomputed


def price_again(parcel: Parcel) -> PriceAgain:
    """Reckon the price of a parcel again.

    Raises: NoPriceKept, TariffNotFound, Invalid.
    """
    if parcel.postage is None:
        raise NoPriceKept
    kept = parcel.postage.price
    return PriceAgain(parcel.item_number, kept, reckon_again(_question(parcel, parcel.postage), kept))


def _question(parcel: Parcel, postage: Postage) -> Question:
    # Where the offices lay is in the kept zone; the shape counts for limits alone.
    return Question(
        service=parcel.service,
        origin_district="",
        destination=parcel.destination_country,
        weight_g=parcel.weight_g,
        sides_mm=parcel.sides_mm,
        options=frozenset(postage.options),
        declared_value_riel=_in_riel(postage.insured_value, postage.price),
        cod_amount_riel=_in_riel(postage.cod, postage.price),
        payer=postage.payer,
    )


def _in_riel(amount: Amount | None, price: Price) -> int:
    if amount is None:
        return 0
    # Dollars were named while a rate was known, which the price keeps.
    return amount.in_riel(price.usd.riel_per_usd if price.usd else 1)
