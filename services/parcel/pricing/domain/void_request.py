"""Money that somebody asks to give back: who may ask, how much, and who decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.parcel.pricing.domain.money import Currency
from shared.access.roles import Actor, Role
from shared.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound

Kind = Literal["void", "refund"]
"""A void takes all back, as if nothing had been sold; a refund gives a part or all of what was paid."""
Decision = Literal["granted", "refused"]
State = Literal["asked_for", "granted", "refused"]

DECIDING = frozenset({Role.SUPERVISOR, Role.OFFICE_MANAGER, Role.ADMINISTRATOR})


class RefundNotFound(NotFound):
    """There is no such request."""

    slug = "refund-not-found"


class RefundWaiting(Conflict):
    """Something was asked for this parcel already, and nobody has decided yet."""

    slug = "refund-waiting"


class AlreadyVoided(Conflict):
    """This parcel was voided; nothing more can be given back."""

    slug = "already-voided"


class AlreadyDecided(Conflict):
    """Somebody has decided already; ask anew if the decision was wrong."""

    slug = "refund-decided"


class AskedByYourself(Forbidden):
    """Another person must decide than the one who asked."""

    slug = "asked-by-yourself"


class DecisionNotYours(Forbidden):
    """A supervisor or manager decides, of this office or another, or an administrator."""

    slug = "decision-not-yours"


@dataclass(frozen=True, slots=True)
class Paid:
    """What was paid for a parcel, and where; whole riel or cents."""

    item_number: str
    office: str
    amount_minor: int
    currency: Currency


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants given back; whole riel or cents, in the currency that was paid."""

    kind: Kind
    amount_minor: int
    reason: str


@dataclass(frozen=True, slots=True)
class VoidRequest:
    """A request, and what became of it."""

    request_id: UUID
    item_number: str
    office: str
    kind: Kind
    amount_minor: int
    currency: Currency
    reason: str
    asked_by: str
    asked_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    decision: Decision | None = None
    note: str | None = None

    @property
    def state(self) -> State:
        """Return where the request stands."""
        return self.decision or "asked_for"

    def must_be_covered(self, paid: Paid, earlier: Sequence["VoidRequest"]) -> None:
        """Check that no more is asked for than was paid and not given back yet.

        Raises: AlreadyVoided, Invalid.
        """
        granted = [request for request in earlier if request.decision == "granted"]
        if any(request.kind == "void" for request in granted):
            raise AlreadyVoided
        left_minor = paid.amount_minor - sum(request.amount_minor for request in granted)
        if self.kind == "void" and self.amount_minor != left_minor:
            message = f"A void gives everything back: {left_minor} {paid.currency}."
            raise Invalid([FieldProblem("amount_minor", "not-the-whole", message)])
        if self.kind == "refund" and not 0 < self.amount_minor <= left_minor:
            message = f"Ask for more than nothing and at most {left_minor} {paid.currency}."
            raise Invalid([FieldProblem("amount_minor", "not-covered", message)])

    def must_be_for(self, actor: Actor) -> None:
        """Check that somebody may decide; an office of one person needs another office for it.

        Raises: DecisionNotYours, AskedByYourself, AlreadyDecided.
        """
        if actor.role not in DECIDING:
            raise DecisionNotYours
        if actor.id == self.asked_by:
            raise AskedByYourself
        if self.decision:
            raise AlreadyDecided
