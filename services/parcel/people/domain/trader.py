"""A shop that sends parcels, and those who act for it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.access.roles import Actor, Role
from shared.contracts.directory import TraderV1
from shared.contracts.parcel import Language
from shared.errors import Conflict, Forbidden, NotFound

MemberRole = Literal["owner", "member"]
IdentityKind = Literal["national_id", "passport", "patent_tax", "other"]
PayoutKind = Literal["cash_at_office", "khqr", "bank_account"]
SETTING_OWNERS = frozenset({Role.SUPERVISOR, Role.OFFICE_MANAGER, Role.ADMINISTRATOR})
"""Of the staff; a clerk opens a shop with its first owner, and sets no other."""


class TraderNotFound(NotFound):
    """No shop of this id is yours to see."""

    slug = "trader-not-found"


class MemberNotFound(NotFound):
    """No such person acts for this shop."""

    slug = "member-not-found"


class PhoneTaken(Conflict):
    """This phone signs in to a shop already."""

    slug = "phone-taken"


class OwnerNeeded(Forbidden):
    """Only an owner of the shop does this, not everybody who acts for it."""

    slug = "owner-needed"


class SupervisorNeeded(Forbidden):
    """Owners of a shop are set by a supervisor or manager of its office, or by another owner."""

    slug = "supervisor-needed"


class OwnPhone(Forbidden):
    """Nobody lets themselves act for a shop; ask a colleague."""

    slug = "own-phone"


class ShopClosed(Conflict):
    """This shop is closed; nobody joins it, and it keeps nothing new."""

    slug = "shop-closed"


class LastOwner(Conflict):
    """A shop keeps an owner; let another owner join first, or close the shop."""

    slug = "last-owner"


@dataclass(frozen=True, slots=True)
class Identity:
    """The paper that a clerk looked at when the shop was opened."""

    kind: IdentityKind
    number: str


@dataclass(frozen=True, slots=True)
class Payout:
    """How the shop gets its money."""

    kind: PayoutKind
    account: str | None = None
    """KHQR account or bank account; none for cash."""


NO_IDENTITY, NO_PAYOUT = Identity("other", ""), Payout("cash_at_office")
"""Of a shop that was forgotten."""


@dataclass(frozen=True, slots=True)
class Trader:
    """A shop."""

    trader_id: UUID
    shop_name: str
    office: str
    identity: Identity
    payout: Payout
    opened_by: str
    opened_at: datetime
    disabled_at: datetime | None = None
    sample: bool = False

    def entry(self) -> TraderV1:
        """Return what the directory says of the shop."""
        disabled = self.disabled_at is not None
        return TraderV1(
            trader=str(self.trader_id), office=self.office, disabled=disabled, sample=self.sample, version=1
        )


@dataclass(frozen=True, slots=True)
class Member:
    """One who acts for a shop and signs in by phone."""

    member_id: UUID
    trader_id: UUID
    name: str
    phone: str
    language: Language
    role: MemberRole
    added_at: datetime
    disabled_at: datetime | None = None
    added_by: str | None = None
    """Id of the owner, or of the staff, who let them act; None of the time before that was kept."""
    disabled_by: str | None = None


def must_set(actor: Actor, role: MemberRole) -> None:
    """Check that somebody who may set who acts for a shop may do so with one of a role.

    Raises: SupervisorNeeded.
    """
    if role == "owner" and actor.trader is None and actor.role not in SETTING_OWNERS:
        raise SupervisorNeeded
