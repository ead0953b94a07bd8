"""A correction: a new entry that takes another back, and says what should have stood there."""

from services.parcel.cash.domain.accounts import Account, Posting, added_up, imbalance
from services.parcel.cash.domain.entry import Entry
from shared.errors import Conflict, FieldProblem, Forbidden, Invalid


class EntryCorrected(Conflict):
    """This entry was corrected; correct the correction."""

    slug = "entry-corrected"


class CorrectionNotYours(Forbidden):
    """Whoever recorded what was corrected says that they have seen it, nobody for them."""

    slug = "correction-not-yours"


def correcting_postings(corrected: Entry, instead: tuple[Posting, ...]) -> tuple[Posting, ...]:
    """Return what takes an entry back and books other postings in its place; none in its place undoes it.

    Raises: Invalid, where the postings do not balance, or nothing would change.
    """
    if missing := imbalance(instead):
        unit, quantity = next(iter(missing.items()))
        message = f"Both sides must be worth the same: {quantity} {unit} are left over."
        raise Invalid([FieldProblem("instead", "does-not-balance", message)])
    postings = added_up([*(posting.reversed() for posting in corrected.postings), *instead])
    if any(posting.account == Account.COD_HELD for posting in postings):
        message = "What was collected for a sender stays theirs; book only who has it otherwise."
        raise Invalid([FieldProblem("instead", "changes-collected", message)])
    if not postings:
        raise Invalid([FieldProblem("instead", "changes-nothing", "This is what the entry says already.")])
    return postings
