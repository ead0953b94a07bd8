"""An entry of the ledger: why money moved, who says so, and the postings that are two sides of one thing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.parcel.cash.domain.accounts import Posting, imbalance
from shared.errors import NotFound


class Kind(StrEnum):
    """What an entry tells of."""

    DRAWER_OPENED = "drawer_opened"
    TO_DRAWER = "to_drawer"
    TO_SAFE = "to_safe"
    FLOAT_RECEIVED = "float_received"
    DEPOSIT = "deposit"
    CASH_SENT = "cash_sent"
    CASH_RECEIVED = "cash_received"
    STOCK_RECEIVED = "stock_received"
    STOCK_COUNTED = "stock_counted"
    PAYMENT = "payment"
    REFUND = "refund"
    CORRECTION = "correction"
    CLOSING = "closing"
    COD_COLLECTED = "cod_collected"
    COD_PAID_OUT = "cod_paid_out"
    COD_REMITTED = "cod_remitted"
    KHQR_MATCHED = "khqr_matched"
    CLAIM_PAID = "claim_paid"
    CLAIM_RECOVERED = "claim_recovered"


class Flag(StrEnum):
    """What a reader should look at; an entry that carries one is as good as any other."""

    AFTER_CLOSE = "after_close"
    """It came when its drawer was closed, and explains a difference that was found there."""
    UNKNOWN_DRAWER = "unknown_drawer"
    SESSION_ENDED = "session_ended"
    """A device recorded it under a session that had ended."""


class Unbalanced(ValueError):
    """Both sides of an entry are not worth the same."""


class EntryNotFound(NotFound):
    """No entry of this id is yours to see."""

    slug = "entry-not-found"


@dataclass(frozen=True, slots=True)
class Cause:
    """The one thing an entry was made for: a command, a scan, an event, a record of a device; it makes no second."""

    kind: str
    id: str


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry as it is to be made.

    Raises: Unbalanced.
    """

    office: str
    kind: Kind
    postings: tuple[Posting, ...]
    cause: Cause
    recorded_by: str
    occurred_at: datetime
    recorded_at: datetime
    device: str | None = None
    drawer_id: UUID | None = None
    item_numbers: tuple[str, ...] = ()
    riel_per_usd: int | None = None
    corrects: UUID | None = None
    flags: tuple[str, ...] = ()
    words: str | None = None
    """Why, in somebody's words. They may name people: kept beside the ledger, which has their digest alone."""

    def __post_init__(self) -> None:
        if missing := imbalance(self.postings):
            raise Unbalanced(f"{self.kind}: {missing}")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands in the chain of its office."""

    office: str
    sequence: int
    entry_id: UUID
    kind: str
    cause: Cause
    recorded_by: str
    occurred_at: datetime
    recorded_at: datetime
    postings: tuple[Posting, ...]
    previous_sha256: bytes
    sha256: bytes
    device: str | None = None
    drawer_id: UUID | None = None
    item_numbers: tuple[str, ...] = ()
    riel_per_usd: int | None = None
    corrects: UUID | None = None
    flags: tuple[str, ...] = ()
    words_sha256: bytes | None = None
