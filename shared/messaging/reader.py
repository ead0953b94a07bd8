"""Reading the outbox on: in the order of ids, and never past one that a transaction still under way may bring.

Ids are given out before their transactions commit. A reader that went on behind the highest id would meet a row that
committed late only when it looks from the start again, after later rows of the same key. So it begins behind the
highest id below which nothing can come any more: all transactions that could bring one have ended.
"""

from collections.abc import Sequence

from shared.db.connection import Tx
from shared.messaging import outbox
from shared.messaging.outbox import Unsent


class Reader:
    """Hands out rows once; a new one, after a failure, begins again."""

    def __init__(self) -> None:
        self._settled = 0
        """No row up to here will come any more, but one that an operator makes unsent."""
        self._handed_out = 0
        """The highest id so far, since the last look from the start."""
        self._waiting: tuple[int, int] | None = None
        """An id, and the transaction before which all must have ended until it is settled."""
        self._last: Sequence[int] = ()
        """The ids handed out last: the caller may still be sending them."""

    def begin_again(self) -> None:
        """Look from the start at the next call, for rows that were made unsent."""
        self._handed_out = 0

    async def read(self, tx: Tx, limit: int) -> list[Unsent]:
        """Return the next rows; those returned by the call before need not be marked yet, earlier ones must be."""
        rows = await outbox.unsent(tx, min(self._settled, self._handed_out), limit, self._last)
        self._last = [row.id for row in rows]
        if rows:
            self._handed_out = max(self._handed_out, rows[-1].id)
            self._settle(rows[-1], whole=len(rows) < limit)
        else:
            self._handed_out = max(self._handed_out, self._settled)
        return rows

    def _settle(self, last: Unsent, *, whole: bool) -> None:
        """Move on what is settled, as far as this look saw all that had come."""
        if self._waiting and last.oldest_transaction >= self._waiting[1]:
            seen = self._waiting[0] if whole else min(self._waiting[0], last.id)
            self._settled, self._waiting = max(self._settled, seen), None
        if self._waiting is None:
            self._waiting = (self._handed_out, last.next_transaction)
