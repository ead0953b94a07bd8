"""What became of each parcel of a list that somebody announced."""

from dataclasses import dataclass
from enum import StrEnum

from services.parcel.drafts.domain.draft import Draft
from shared.errors import Conflict


class OrderKnownOtherwise(Conflict):
    """This order was announced before with other content; withdraw that draft, or name another order."""

    slug = "order-known-otherwise"


class Outcome(StrEnum):
    """What an announcement did."""

    ANNOUNCED = "announced"
    KNOWN = "known"
    """The same was announced under its order reference before; nothing was done."""
    REFUSED = "refused"
    """Its order reference is known with other content."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """One parcel of a list: what its announcement did, and the draft that there is of it."""

    outcome: Outcome
    draft: Draft


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """A draft that its order reference names already, and the digest of what was announced."""

    draft: Draft
    announced_sha256: bytes

    def meets(self, digest: bytes) -> Outcomes:
        """Return what the same order does that is announced again."""
        same = digest == self.announced_sha256
        return Outcomes(Outcome.KNOWN if same else Outcome.REFUSED, self.draft)
