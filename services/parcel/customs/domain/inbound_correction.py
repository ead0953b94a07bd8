"""Who changed whom an item from abroad is for or where it waits, and from what to what."""

from dataclasses import dataclass
from datetime import datetime

from services.parcel.customs.domain.inbound import Addressee


@dataclass(frozen=True, slots=True)
class Correction:
    """One change of an item; of people who were forgotten it says nothing any more."""

    item_number: str
    version: int
    """Of the item, as the correction left it."""
    was: Addressee | None
    became: Addressee | None
    waited_at: str | None
    """The collecting office before."""
    waits_at: str | None
    corrected_by: str
    office: str | None
    """Of whoever did it."""
    corrected_at: datetime
