"""What the slip on a sack says: one code for all its drafts, and their numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.parcel.documents.domain.imprint import Imprint
from services.parcel.documents.domain.parties import Office
from services.parcel.drafts.domain.draft import Draft
from services.parcel.drafts.domain.sack import Sack


@dataclass(frozen=True, slots=True)
class SackLabel:
    """One slip."""

    code: str
    label: str | None
    office: Office
    made_at: datetime
    numbers: Sequence[str]


def sack_label_of(sack: Sack, inside: Sequence[Draft], imprint: Imprint) -> SackLabel:
    """Return the slip of a sack."""
    return SackLabel(sack.code, sack.label, imprint.office(sack.office), sack.made_at, [one.number for one in inside])
