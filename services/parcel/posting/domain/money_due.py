"""What the recipient of a parcel pays as it is handed over, and whose that is."""

from dataclasses import dataclass

from services.parcel.posting.domain.parcel import Parcel
from services.parcel.pricing.domain.money import Amount
from services.parcel.pricing.domain.payer import Payer


@dataclass(frozen=True, slots=True)
class MoneyDue:
    """Money on one parcel."""

    item_number: str
    office: str
    """Of posting, where a sender without a shop gets cash."""
    collecting_office: str | None
    trader: str | None
    cod: Amount | None
    kept_minor: int
    """Postage kept back from what is collected, in its currency."""
    postage_riel: int
    """Postage that the recipient pays."""

    @property
    def holder(self) -> str:
        """Return whose the collected money is: a shop's, or that of the sender of this one item."""
        return self.trader or self.item_number

    @property
    def is_nothing(self) -> bool:
        """Tell whether nothing is due."""
        return self.cod is None and not self.postage_riel


def money_due(parcel: Parcel) -> MoneyDue:
    """Return what is due on a parcel, by the price that it keeps."""
    postage = parcel.postage
    total_riel = postage.price.total_riel if postage else 0
    cod = postage.cod if postage else None
    kept_minor = 0
    if postage and cod and postage.payer is Payer.COD:
        usd = postage.price.usd
        kept_minor = usd.amount_cents if cod.currency == "USD" and usd else total_riel if cod.currency == "KHR" else 0
    return MoneyDue(
        parcel.item_number,
        parcel.office,
        parcel.collecting_office,
        parcel.trader,
        cod,
        min(kept_minor, cod.amount_minor) if cod else 0,
        total_riel if postage and postage.payer is Payer.RECIPIENT else 0,
    )
