"""What is looked for when a ledger is verified, entry by entry."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from services.parcel.cash.domain.accounts import imbalance
from services.parcel.cash.domain.chain import GENESIS, Head, digest_of
from services.parcel.cash.domain.entry import Entry


class Wrong(StrEnum):
    """What is wrong with a ledger."""

    MISSING = "missing"
    """An entry, the first of those that should stand there, is not there."""
    CHANGED = "changed"
    """An entry does not have the digest that it had when it was made."""
    UNLINKED = "unlinked"
    """An entry was not made behind the one before it."""
    UNBALANCED = "unbalanced"
    REWRITTEN = "rewritten"
    """An entry is sound, and another than the one that was told outside of the database."""
    CUT_OFF = "cut_off"
    """The chain ended further on, by its own head or by what was told outside."""
    HEAD = "head"
    """The head that is kept is not the last entry."""
    WORDS = "words"
    """The words beside an entry are not those that it was made with."""
    BALANCE = "balance"
    """A balance is not what the postings of its account add up to."""
    NO_CHAIN = "no_chain"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where."""

    office: str
    sequence: int
    """0 where it is no single entry's."""
    wrong: Wrong


@dataclass(slots=True)
class Walk:
    """A walk along the chain of one office, which remembers one entry alone."""

    office: str
    told: Mapping[int, str] = field(default_factory=dict)
    """Digests that were told outside of the database, in hex, by the sequence of their entry."""
    sequence: int = 0
    sha256: bytes = GENESIS

    def step(self, entry: Entry) -> Iterator[Fault]:
        """Go on to the next entry that there is; yield what is wrong with it, and with what is not there."""
        if entry.sequence > self.sequence + 1:
            yield Fault(self.office, self.sequence + 1, Wrong.MISSING)
        if digest_of(entry) != entry.sha256:
            yield Fault(self.office, entry.sequence, Wrong.CHANGED)
        if entry.previous_sha256 != self.sha256:
            yield Fault(self.office, entry.sequence, Wrong.UNLINKED)
        if imbalance(entry.postings):
            yield Fault(self.office, entry.sequence, Wrong.UNBALANCED)
        if self.told.get(entry.sequence, entry.sha256.hex()) != entry.sha256.hex():
            yield Fault(self.office, entry.sequence, Wrong.REWRITTEN)
        self.sequence, self.sha256 = entry.sequence, entry.sha256

    def end(self, head: Head) -> Iterator[Fault]:
        """Yield what is wrong with where the chain ends."""
        furthest = max((head.sequence, *self.told))
        if furthest > self.sequence:
            yield Fault(self.office, furthest, Wrong.CUT_OFF)
        elif (head.sequence, head.sha256) != (self.sequence, self.sha256):
            yield Fault(self.office, self.sequence, Wrong.HEAD)
