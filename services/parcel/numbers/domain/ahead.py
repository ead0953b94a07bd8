"""How many numbers an office may have ahead of need: each one more is lost to all others for years."""

from dataclasses import dataclass
from datetime import timedelta

from shared.errors import Conflict

STICKERS_KEPT_FOR = timedelta(days=365)
"""What was printed longer ago and is no parcel's yet is taken for lost or torn; it binds all the same."""


class TooManyNumbersAhead(Conflict):
    """Your office has as many unused numbers of these letters as it may have; use those first."""

    slug = "too-many-numbers-ahead"

    def __init__(self, most: int) -> None:
        super().__init__(f"At most {most} may be unused; reserve fewer, or use those that you have.")


class TooManyStickersAhead(Conflict):
    """Your office has as many unused stickers of these letters as it may have; use those first."""

    slug = "too-many-stickers-ahead"

    def __init__(self, most: int) -> None:
        super().__init__(f"At most {most} may be unused; reserve fewer, or use those that you have.")


@dataclass(frozen=True, slots=True)
class MostAhead:
    """Bounds for one office and the two letters that numbers begin with."""

    numbers: int
    stickers: int
