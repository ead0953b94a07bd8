"""A parcel that is only practice."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.posting.domain.parcel import Parcel
from services.parcel.practice.domain.walks import state_after
from shared.errors import NotFound
from shared.s10 import ItemNumber

INDICATOR = "ZP"
"""For use inside a country (UPU S10-12), and granted to no office: a scanner that meets one knows what it is."""


class PracticeParcelNotFound(NotFound):
    """This shop has no practice parcel of this number."""

    slug = "practice-parcel-not-found"


@dataclass(frozen=True, slots=True)
class PracticeParcel:
    """A parcel as it would have been registered, and how far it has walked."""

    trader_id: UUID
    parcel: Parcel
    walk: str
    steps: int
    made_at: datetime

    def now(self) -> Parcel:
        """Return the parcel in the state that its steps have brought it to."""
        return replace(self.parcel, state=state_after(self.walk, self.steps))


def new_number() -> ItemNumber:
    """Make a number; two shops hardly ever get the same, and the table refuses it if they do."""
    return ItemNumber(INDICATOR, secrets.randbelow(10**8), DOMESTIC)
