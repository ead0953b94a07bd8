"""A payment that was marked by mistake, and taken back."""

from dataclasses import dataclass
from datetime import datetime

from shared.errors import Conflict


class HandedOver(Conflict):
    """This item was handed over or came to its end otherwise; what is on record of its charges stays."""

    slug = "handed-over"


@dataclass(frozen=True, slots=True)
class UndonePayment:
    """Who took the mark back, when and why."""

    undone_by: str
    undone_at: datetime
    reason: str
