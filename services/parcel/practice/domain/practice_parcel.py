"""A parcel that is only practice."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.posting.domain.parcel import Parcel
from services.parcel.practice.domain.walks import state_after
from shared.contracts.items import PRACTICE_INDICATOR, is_practice
from shared.errors import FieldProblem, Invalid, NotFound
from shared.s10 import ItemNumber


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


def number_for(sticker: str | None) -> ItemNumber:
    """Return the number that a caller named, or make one; two shops hardly ever get the same.

    Raises: InvalidItemNumber, Invalid, for a number that could be a live one.
    """
    if sticker is None:
        return ItemNumber(PRACTICE_INDICATOR, secrets.randbelow(10**8), DOMESTIC)
    number = ItemNumber.parse(sticker)
    if not is_practice(str(number)):
        message = f"In practice a number begins with {PRACTICE_INDICATOR} and ends with {DOMESTIC}; or leave it out."
        raise Invalid([FieldProblem("item_number", "not-for-practice", message)])
    return number
