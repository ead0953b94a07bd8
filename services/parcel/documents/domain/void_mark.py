"""Since when a parcel's papers are void, and how they say so."""

from collections.abc import Sequence
from datetime import datetime

from services.parcel.documents.domain.wording import words
from services.parcel.posting.domain.parcel import Parcel
from services.parcel.pricing.domain.void_request import VoidRequest
from shared.clock import LOCAL


def void_since(parcel: Parcel, requests: Sequence[VoidRequest]) -> datetime | None:
    """Return when a parcel was cancelled or all its money given back, whichever came first; None if neither."""
    granted = [one.decided_at for one in requests if one.kind == "void" and one.decision == "granted"]
    return min(filter(None, [parcel.cancelled_at, *granted]), default=None)


def void_mark(since: datetime) -> str:
    """Return what stands on a void paper, in both languages, with the day in Cambodia."""
    return f"{words('km').mark.void} · {words('en').mark.void} {since.astimezone(LOCAL):%d/%m/%Y}"
