"""Amounts of money as documents show them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in the minor unit of its ISO 4217 currency; `exponent` says how many digits that unit is."""

    amount_minor: int
    currency: str
    exponent: int

    def __str__(self) -> str:
        """Return it as people here write it: 12,500 ៛, $3.50, 20.00 EUR."""
        match self.currency:
            case "KHR":
                return f"{self._figures} ៛"
            case "USD":
                return f"-${self._figures[1:]}" if self.amount_minor < 0 else f"${self._figures}"
            case _:
                return self.spelled

    @property
    def spelled(self) -> str:
        """Return it with the code of its currency, as forms that go abroad name it."""
        return f"{self._figures} {self.currency}"

    @property
    def _figures(self) -> str:
        sign = "-" if self.amount_minor < 0 else ""
        whole, part = divmod(abs(self.amount_minor), 10**self.exponent)
        return f"{sign}{whole:,}.{part:0{self.exponent}d}" if self.exponent else f"{sign}{whole:,}"


def riel(amount_riel: int) -> Amount:
    """Return an amount in riel; it has no minor unit in use."""
    return Amount(amount_riel, "KHR", 0)


def dollars(amount_cents: int) -> Amount:
    """Return an amount in dollars, given in cents."""
    return Amount(amount_cents, "USD", 2)
