"""Money that somebody asks to give back: who may ask, how much, and who decides."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.parcel.pricing.domain.money import Currency
from shared.access.roles import EVERYWHERE, Actor, Role
from shared.contracts.directory import OfficeV1
from shared.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound

Kind = Literal["void", "refund"]
"""A void takes all back, as if nothing had been sold; a refund gives a part or all of what was paid."""
Decision = Literal["granted", "refused"]
State = Literal["asked_for", "granted", "refused"]

DECIDING = frozenset({Role.SUPERVISOR, Role.OFFICE_MANAGER, Role.DISTRICT, Role.ADMINISTRATOR})
"""A district for the offices of its district alone, the others for every office."""


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


class RefundNotGranted(Conflict):
    """Nobody has granted that money be given back for this, or nothing is to be given back."""

    slug = "refund-not-granted"


class AskedByYourself(Forbidden):
    """Another person must decide than the one who asked."""

    slug = "asked-by-yourself"


class DecisionNotYours(Forbidden):
    """A supervisor or manager decides, of this office or another, its district, or an administrator."""

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

    def must_be_for(self, actor: Actor, offices: Mapping[str, OfficeV1]) -> None:
        """Check that somebody may decide; an office of one person needs another office for it.

        Raises: DecisionNotYours, RefundNotFound, AskedByYourself, AlreadyDecided.
        """
        if actor.role not in DECIDING:
            raise DecisionNotYours
        if actor.role is Role.DISTRICT and self.office not in offices_of_district(actor, offices):
            raise RefundNotFound
        if actor.id == self.asked_by:
            raise AskedByYourself
        if self.decision:
            raise AlreadyDecided


def offices_of_district(actor: Actor, offices: Mapping[str, OfficeV1]) -> frozenset[str]:
    """Return the codes of the offices that lie in the district of somebody's own; none for one who has no office."""
    own = offices.get(actor.office or "")
    return frozenset(code for code, office in offices.items() if own and office.district_code == own.district_code)


def looked_at(actor: Actor, office: str | None, offices: Mapping[str, OfficeV1]) -> Collection[str] | None:
    """Return the offices whose open requests somebody looks at, one or all that they may; None for every office.

    Raises: OtherOffice.
    """
    if actor.role is Role.DISTRICT:
        district = offices_of_district(actor, offices)
        if office not in {None, *district}:
            actor.must_act_for(office or "")
        return district if office is None else {office}
    if office and actor.role not in DECIDING:
        actor.must_act_for(office)
    named = office or actor.office
    return None if named is None and actor.role in EVERYWHERE else {named or ""}
