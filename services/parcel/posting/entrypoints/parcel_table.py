"""A list of parcels as a table in CSV.

Source: RFC 4180; OWASP, CSV injection: what a spreadsheet would take for a formula is made text.
"""

import csv
import io
from collections.abc import Sequence

from services.parcel.posting.domain.parcel import Parcel
from services.parcel.posting.domain.postage import Postage
from shared.clock import LOCAL

COLUMNS = (
    "item_number",
    "registered_at",
    "state",
    "service",
    "office",
    "collecting_office",
    "holding_office",
    "destination_country",
    "weight_g",
    "order_reference",
    "sender_name",
    "sender_phone",
    "recipient_name",
    "recipient_phone",
    "postage_minor",
    "postage_currency",
    "payer",
    "cod_minor",
    "cod_currency",
    "options",
)
"""What a program may read by its name; new ones come at the end. Amounts are whole riel or whole cents."""
BEGINS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20")
BYTE_ORDER_MARK = "\ufeff"
"""Without it spreadsheets read Khmer as another alphabet."""


def row(parcel: Parcel) -> str:
    """Write one parcel."""
    return _line(
        [
            parcel.item_number,
            f"{parcel.registered_at.astimezone(LOCAL):%Y-%m-%d %H:%M}",
            parcel.state.value,
            parcel.service,
            parcel.office,
            parcel.collecting_office or "",
            parcel.holding_office or "",
            parcel.destination_country,
            str(parcel.weight_g),
            parcel.order_reference or "",
            parcel.sender.name,
            parcel.sender.phone,
            parcel.recipient.name,
            parcel.recipient.phone,
            *_price(parcel.postage),
        ]
    )


def _price(postage: Postage | None) -> list[str]:
    if postage is None:
        return [""] * 6
    cod = [str(postage.cod.amount_minor), postage.cod.currency] if postage.cod else ["", ""]
    return [str(postage.price.total_riel), "KHR", postage.payer.value, *cod, " ".join(postage.options)]


def _line(cells: Sequence[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([f"'{cell}" if cell.startswith(BEGINS_FORMULA) else cell for cell in cells])
    return written.getvalue()


HEAD = BYTE_ORDER_MARK + _line(COLUMNS)
