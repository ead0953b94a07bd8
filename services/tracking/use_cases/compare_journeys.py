"""The rebuilt journeys are held against the live ones: a row is right if both say it, or if its scans say it again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.tracking.domain.rebuilt import JourneyRow, rebuild
from services.tracking.store import journeys, rebuilt, scans
from shared.db.connection import Tx


class RebuiltOtherwise(Exception):
    """The rebuilt journeys of a number are not what its scans add up to."""

    def __init__(self, item_number: str) -> None:
        super().__init__(f"The rebuilt journeys of {item_number} are not the fold of its scans; nothing was changed.")


class Fault(StrEnum):
    """What was wrong with a live row."""

    WRONG = "wrong"
    MISSING = "missing"
    SURPLUS = "surplus"


@dataclass(frozen=True, slots=True)
class Compared:
    """A range that was compared: its last number, and what was wrong in the live table, number by number."""

    upto: str
    faults: Counter[Fault]
    numbers: Sequence[str]


async def compare_journeys(tx: Tx, after: str, portion: int) -> Compared | None:
    """Compare the numbers that come next; returns None behind the last. The transaction reads one state.

    Raises: RebuiltOtherwise, where a rebuilt row is not the live one, nor what a second fold gives.
    """
    upto = await rebuilt.next_bound(tx, after, portion)
    if upto is None:
        return None
    numbers = await rebuilt.differing(tx, after, upto)
    log, live = await scans.of_numbers(tx, numbers), await journeys.rows_of_numbers(tx, numbers)
    shadow = await rebuilt.rows_of_numbers(tx, numbers)
    faults: Counter[Fault] = Counter()
    for number in numbers:
        was, found = live.get(number, []), shadow.get(number, [])
        if rebuild(log.get(number, ()), was) != found:
            raise RebuiltOtherwise(number)
        faults.update(_faults(was, found))
    return Compared(upto, faults, numbers)


def _faults(was: Sequence[JourneyRow], found: Sequence[JourneyRow]) -> list[Fault]:
    before, after = {row.journey_no: row for row in was}, {row.journey_no: row for row in found}
    both = before.keys() & after.keys()
    return [
        *[Fault.WRONG for journey_no in both if before[journey_no] != after[journey_no]],
        *[Fault.MISSING for _ in after.keys() - both],
        *[Fault.SURPLUS for _ in before.keys() - both],
    ]
