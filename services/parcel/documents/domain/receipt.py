"""What a receipt of posting says."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.parcel.documents.domain.parties import Office
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
    rounded_to_riel: int
    """What the tariff rounds each line to."""
    payer: Payer
    ask_phone: str
    """Whom to ask, as it is dialled."""
