"""A list of items from abroad as a table in CSV."""

from services.parcel.customs.domain.inbound import Charges, InboundItem
from services.parcel.tables import head, line
from shared.clock import LOCAL

COLUMNS = (
    "item_number",
    "received_at",
    "state",
    "origin_country",
    "source",
    "taking_office",
    "collecting_office",
    "holding_office",
    "sender_name",
    "addressee_name",
    "addressee_phone",
    "charges_minor",
    "charges_currency",
    "payment",
    "papers",
    "papers_wanted",
)
"""What a program may read by its name; new ones come at the end. Amounts are whole riel or whole cents."""
HEAD = head(COLUMNS)


def row(item: InboundItem) -> str:
    """Write one item."""
    return line(
        [
            item.item_number,
            f"{item.received_at.astimezone(LOCAL):%Y-%m-%d %H:%M}",
            item.state or "",
            item.origin_country,
            item.source.value,
            item.taking_office,
            item.collecting_office or "",
            item.holding_office or "",
            item.sender_name,
            item.addressee.name,
            item.addressee.phone or "",
            *_amount(item.charges),
            item.payment or "",
            item.papers or "",
            item.papers_wanted or "",
        ]
    )


def _amount(charges: Charges | None) -> list[str]:
    return [str(charges.total_minor), charges.currency] if charges else ["", ""]
