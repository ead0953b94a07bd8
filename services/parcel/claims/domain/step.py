"""What happened to a claim, one step after another, each with its reason."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.parcel.claims.domain.claim import State
from services.parcel.claims.domain.enquiry import To


@dataclass(frozen=True, slots=True)
class Step:
    """One step; words may name people, and are forgotten in their time."""

    claim_id: UUID
    state: State
    reason: str
    """A code."""
    by: str
    at: datetime
    office: str | None = None
    """Of the holder who answered or is asked."""
    handed_to: To | None = None
    handed_to_code: str | None = None
    words: str | None = None
