"""What a receipt of posting says."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.parcel.documents.domain.amounts import Amount
from services.parcel.documents.domain.parties import Office
from services.parcel.posting.domain.non_delivery import IfUndeliverable
from services.parcel.pricing.domain.payer import Payer
from services.parcel.pricing.domain.quote import Price
from shared.contracts.parcel import Service
from shared.s10 import ItemNumber


class Roll(StrEnum):
    """Paper of receipt printers, by the width of the paper; the printed width is smaller."""

    MM_80 = "80mm"
    MM_58 = "58mm"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One receipt, for one item."""

    item_number: ItemNumber
    service: Service
    tracking_link: str
    office: Office
    paid_at: datetime
    sender: str
    recipient: str
    destination: str
    """Where it goes, as the counter says it: an office or a country."""
    weight_g: int
    price: Price
    payer: Payer
    ask_phone: str | None
    """Whom to ask, as it is dialled."""
    cash_on_delivery: Amount | None = None
    insured_value: Amount | None = None
    if_undeliverable: IfUndeliverable | None = None
    """What becomes of it abroad then; None at home, where every parcel comes back."""
    redirect_to: str | None = None
    print_no: int = 1
    """From 2 on the paper says that it is a reprint."""
    void_at: datetime | None = None
