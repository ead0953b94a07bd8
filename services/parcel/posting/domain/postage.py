"""What the carriage of a parcel costs and who pays, as it was reckoned when the parcel was registered."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from services.parcel.pricing.domain.money import Amount
from services.parcel.pricing.domain.payer import Payer
from services.parcel.pricing.domain.quote import LineCode, Price
from services.parcel.pricing.domain.tariff import Option

CHARGED_FOR = {LineCode(option.value): option for option in Option}


@dataclass(frozen=True, slots=True)
class Postage:
    """A price and its payer; the tariff's version and the rate in it let it be reckoned again."""

    payer: Payer
    price: Price
    insured_value: Amount | None = None
    cod: Amount | None = None
    """What is collected from the recipient for the sender."""

    @property
    def options(self) -> tuple[Option, ...]:
        """Return what the sender asked for beside the carriage; each has its line in the price, also a free one."""
        return tuple(CHARGED_FOR[line.code] for line in self.price.lines if line.code in CHARGED_FOR)

    @property
    def charged(self) -> Amount:
        """Return the whole price in the currency that customs abroad can read, if a rate was known."""
        usd = self.price.usd
        return Amount(usd.amount_cents, "USD") if usd else Amount(self.price.total_riel, "KHR")

    @property
    def paid_riel(self) -> int:
        """Return what was paid at the counter of posting; others than the sender pay later."""
        return self.price.total_riel if self.payer is Payer.SENDER else 0


_STORED: TypeAdapter[Postage | None] = TypeAdapter(Postage | None)


def read_postage(stored: object) -> Postage | None:
    """Return what was kept as JSON, None for a parcel without."""
    return _STORED.validate_python(stored)
