"""A list of parcels as a table in CSV."""

from services.parcel.posting.domain.parcel import Parcel
from services.parcel.posting.domain.postage import Postage
from services.parcel.tables import head, line
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
HEAD = head(COLUMNS)


def row(parcel: Parcel) -> str:
    """Write one parcel."""
    return line(
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
