"""One paper that came out of the printer, and how often it did before."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What was printed."""

    LABEL = "label"
    RECEIPT = "receipt"
    CUSTOMS_FORM = "customs_form"
    STICKERS = "stickers"
    SACK_LABEL = "sack_label"
    SITTING_RECEIPT = "sitting_receipt"


@dataclass(frozen=True, slots=True)
class Print:
    """One print: of a parcel, of a range of stickers by its first number, of a sack or a sitting by its id."""

    item_number: str
    kind: Kind
    print_no: int
    """1 for the first; what follows are reprints."""
    printed_by: str
    office: str | None
    """None for those who are bound to none, and for shops."""
    printed_at: datetime
