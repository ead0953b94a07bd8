"""What the one receipt of many parcels says; it names nobody, for whoever finds it reads all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.parcel.documents.domain.imprint import Imprint
from services.parcel.documents.domain.parties import Office
from services.parcel.drafts.domain.sitting import PaymentMethod, Statement
from shared.s10 import grouped


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One parcel on it."""

    item_number: str
    """As people read it."""
    destination: str
    weight_g: int
    paid_riel: int | None
    """None where somebody else pays, later."""


@dataclass(frozen=True, slots=True)
class SittingReceipt:
    """One receipt, for all parcels of a sitting."""

    sitting_id: str
    office: Office
    paid_at: datetime
    method: PaymentMethod
    lines: Sequence[ReceiptLine]
    total_riel: int
    total_usd_cents: int | None
    riel_per_usd: int | None
    sample: bool
    """Some price is of a sample tariff."""
    follow_at: str
    ask_phone: str | None
    print_no: int = 1


def sitting_receipt_of(stated: Statement, imprint: Imprint, print_no: int) -> SittingReceipt:
    """Return the receipt of a sitting that is paid.

    Raises: SittingNotPaid.
    """
    paid_at, method = stated.sitting.must_be_paid()
    lines = []
    for line in stated.lines:
        parcel, postage = line.parcel, line.parcel.postage
        paid = postage is not None and postage.paid_riel == postage.price.total_riel
        destination = parcel.collecting_office or parcel.destination_country
        paid_riel = line.paid_riel if paid else None
        lines.append(ReceiptLine(grouped(parcel.item_number), destination, parcel.weight_g, paid_riel))
    return SittingReceipt(
        sitting_id=str(stated.sitting.sitting_id),
        office=imprint.office(stated.sitting.office),
        paid_at=paid_at,
        method=method,
        lines=lines,
        total_riel=stated.total_riel,
        total_usd_cents=stated.total_usd_cents,
        riel_per_usd=stated.riel_per_usd,
        sample=any(line.parcel.postage.price.sample for line in stated.lines if line.parcel.postage),
        follow_at=f"{imprint.public_url}/tracking",
        ask_phone=imprint.ask_phone,
        print_no=print_no,
    )
