"""What an international item holds, as its sender declares it.

Source: UPU forms CN 22 and CN 23.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.errors import Conflict, NotFound

TELL_OR_CALL_BACK = (
    "Ask the office of exchange to tell the post of destination what is wrong, or to call the parcel back."
)


class DeclarationNotFound(NotFound):
    """Nothing was declared of this item yet."""

    slug = "declaration-not-found"


class DeclarationOver(Conflict):
    """This parcel was cancelled, came to its end or was forgotten; what it holds is declared no more."""

    slug = "declaration-over"


class DeclarationClosed(Conflict):
    """This parcel was closed into a dispatch abroad; what it was declared to hold went with it."""

    slug = "declaration-closed"

    def __init__(self) -> None:
        super().__init__(TELL_OR_CALL_BACK)


class RecipientClosed(Conflict):
    """This parcel was closed into a dispatch abroad; whom it is for was told with it."""

    slug = "recipient-closed"

    def __init__(self) -> None:
        super().__init__(TELL_OR_CALL_BACK)


class ToldAhead(Conflict):
    """What was told ahead of this parcel would not be complete any more; give the recipient all that is missing."""

    slug = "told-ahead"


class Category(StrEnum):
    """Why the item is sent; exactly one."""

    GIFT = "gift"
    DOCUMENTS = "documents"
    SALE_OF_GOODS = "sale_of_goods"
    COMMERCIAL_SAMPLE = "commercial_sample"
    RETURNED_GOODS = "returned_goods"
    OTHER = "other"

    @property
    def is_commercial(self) -> bool:
        """Tell whether the item is sent in the course of business, sold or not."""
        return self in {Category.SALE_OF_GOODS, Category.COMMERCIAL_SAMPLE, Category.RETURNED_GOODS}


@dataclass(frozen=True, slots=True)
class ContentLine:
    """Things of one kind; weight and value are of all of them together."""

    description: str
    quantity: int
    net_weight_g: int
    value_minor: int
    """Zero for documents without a value."""
    hs_code: str | None = None
    """Digits alone."""
    origin_country: str | None = None
    goods: str | None = None
    """Id in the goods catalogue, if the clerk picked it there."""


@dataclass(frozen=True, slots=True)
class Declaration:
    """The content of one item; all values are in one currency."""

    category: Category
    currency: str
    lines: tuple[ContentLine, ...]
    explanation: str | None = None
    """What the item is sent for, if the category is other."""
    sender_reference: str | None = None
    """The sender's customs reference."""
    importer_reference: str | None = None
    """Tax, VAT or importer code of the addressee."""
    licence_number: str | None = None
    certificate_number: str | None = None
    invoice_number: str | None = None
    comments: str | None = None
    """Quarantine, phytosanitary inspection and the like."""

    @property
    def total_value_minor(self) -> int:
        """Return the value of all lines."""
        return sum(line.value_minor for line in self.lines)

    @property
    def net_weight_g(self) -> int:
        """Return the net weight of all lines."""
        return sum(line.net_weight_g for line in self.lines)


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration as it is kept."""

    item_number: str
    declaration: Declaration
    version: int
    advance_data_complete_at: datetime | None
    declared_by: str
    declared_at: datetime
    updated_at: datetime
