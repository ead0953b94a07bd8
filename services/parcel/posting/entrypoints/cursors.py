"""Where the next page of a list begins: the place of the last parcel seen, so that new ones shift nothing."""

import base64
import binascii
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Self

from services.parcel.posting.domain.parcel import Parcel
from services.parcel.posting.domain.problems import PROBLEMS
from services.parcel.posting.store.parcel_lists import Filter
from shared.errors import FieldProblem, Invalid
from shared.s10 import InvalidItemNumber, ItemNumber


class Among(StrEnum):
    """Which half of a list with problems first."""

    PROBLEMS = "problems"
    OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last parcel seen, and whether it was among those with problems."""

    among: Among
    registered_at: datetime
    item_number: str

    @classmethod
    def after(cls, parcel: Parcel, wanted: Filter) -> Self:
        """Return the place behind a parcel."""
        first = wanted.problems == "only" and parcel.state in PROBLEMS
        return cls(Among.PROBLEMS if first else Among.OTHERS, parcel.registered_at, parcel.item_number)

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what was given as `next_cursor`.

        Raises: Invalid.
        """
        try:
            among, registered_at, item_number = base64.urlsafe_b64decode(text).decode().split(" ")
            at = datetime.fromisoformat(registered_at).astimezone(UTC)
            return cls(Among(among), at, str(ItemNumber.parse(item_number)))
        except (binascii.Error, UnicodeDecodeError, ValueError, OverflowError, InvalidItemNumber):
            problem = FieldProblem("cursor", "not-a-cursor", "Use next_cursor of the page before, as it is.")
            raise Invalid([problem]) from None

    def text(self) -> str:
        """Write it."""
        written = f"{self.among.value} {self.registered_at.isoformat()} {self.item_number}"
        return base64.urlsafe_b64encode(written.encode()).decode()

    def goes_on(self, wanted: Filter) -> Filter:
        """Return what is still to come of a list."""
        place = (self.registered_at, self.item_number)
        if wanted.problems != "among" and self.among is Among.OTHERS:
            return replace(wanted, problems="without", before=place)
        return replace(wanted, before=place)
