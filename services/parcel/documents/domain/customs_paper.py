"""What a customs form says beside the declaration itself: whose item it is, where it was posted, what it cost.

Source: UPU forms CN 22, CN 23 and CP 72.
"""

from dataclasses import dataclass
from datetime import datetime

from services.parcel.customs.domain.declaration import ContentLine, Declaration
from services.parcel.documents.domain.amounts import Amount
from services.parcel.documents.domain.parties import Office, Party
from services.parcel.posting.domain.non_delivery import IfUndeliverable
from shared.s10 import ItemNumber

HS_CHAPTER_DIGITS = 4


@dataclass(frozen=True, slots=True)
class CustomsPaper:
    """One item's form, CN 22 or CN 23 with the dispatch note."""

    item_number: ItemNumber
    sender: Party
    recipient: Party
    declaration: Declaration
    exponent: int
    """Digits of the minor unit of the declaration's currency."""
    gross_weight_g: int
    postal_charges: Amount | None
    """None for a parcel without a price on record."""
    office_of_origin: Office
    posted_at: datetime
    insured_value: Amount | None = None
    if_undeliverable: IfUndeliverable = IfUndeliverable.RETURN
    redirect_to: str | None = None
    void_at: datetime | None = None

    @property
    def charges_written(self) -> str:
        """Return the postal charges, a dash where none are on record."""
        return self.postal_charges.spelled if self.postal_charges else "-"

    @property
    def total_value(self) -> Amount:
        """Return the value of all lines."""
        return Amount(self.declaration.total_value_minor, self.declaration.currency, self.exponent)

    def value_of(self, line: ContentLine) -> Amount:
        """Return the value of a line."""
        return Amount(line.value_minor, self.declaration.currency, self.exponent)


def hs_written(code: str) -> str:
    """Return a tariff number as tariffs print it: 6214.10."""
    return f"{code[:HS_CHAPTER_DIGITS]}.{code[HS_CHAPTER_DIGITS:]}" if len(code) > HS_CHAPTER_DIGITS else code
