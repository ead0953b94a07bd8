"""A clerk's drawer from its opening to its closing, and who may do what with it."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.accounts import Account, Posting
from services.parcel.cash.domain.counting import Count
from shared.access.roles import Actor, Role
from shared.errors import Conflict, Forbidden, NotFound

OVERSEEING = frozenset({Role.SUPERVISOR, Role.OFFICE_MANAGER, Role.ADMINISTRATOR})
"""They act on every drawer of their office; a clerk on their own."""
READING = OVERSEEING | {Role.DISTRICT, Role.AUDITOR}


class DrawerNotFound(NotFound):
    """No drawer of this id is yours to see."""

    slug = "drawer-not-found"


class DrawerOpen(Conflict):
    """You have a drawer open at this office; go on with it, or close it first."""

    slug = "drawer-open"


class DrawerClosed(Conflict):
    """This drawer is closed; open another one."""

    slug = "drawer-closed"


class DrawerNotClosed(Conflict):
    """This drawer is still open; it is confirmed once it was counted."""

    slug = "drawer-not-closed"


class OwnDrawer(Forbidden):
    """Another person confirms the closing of a drawer than the one whose it was."""

    slug = "own-drawer"


class NotEnoughCash(Conflict):
    """The ledger does not know of so much there; book first where it came from."""

    slug = "not-enough-cash"


@dataclass(frozen=True, slots=True)
class Drawer:
    """One drawer; what is in it says the ledger."""

    drawer_id: UUID
    office: str
    staff: str
    opened_at: datetime
    device: str | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    counted: tuple[Count, ...] = field(default=())
    closing_entry_id: UUID | None = None
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None

    @property
    def holder(self) -> str:
        """Return what names the drawer in the ledger."""
        return str(self.drawer_id)

    def is_handled_by(self, actor: Actor) -> bool:
        """Tell whether somebody may put in and take out: its clerk, and those who oversee its office."""
        return actor.acts_for(self.office) and (actor.role in OVERSEEING or actor.id == self.staff)

    def is_seen_by(self, actor: Actor) -> bool:
        """Tell whether somebody may look into it."""
        return actor.acts_for(self.office) and (actor.role in READING or actor.id == self.staff)

    def must_be_open(self) -> None:
        """Check that it can be used.

        Raises: DrawerClosed.
        """
        if self.closed_at:
            raise DrawerClosed

    def must_be_confirmable_by(self, actor: Actor) -> None:
        """Check that somebody may confirm what its clerk counted.

        Raises: DrawerNotClosed, OwnDrawer.
        """
        if self.closed_at is None:
            raise DrawerNotClosed
        if actor.id in {self.staff, self.closed_by}:
            raise OwnDrawer


def closing_postings(holder: str, expected_minor: dict[str, int], counted: tuple[Count, ...]) -> tuple[Posting, ...]:
    """Return what empties a drawer into the safe, and shows what was counted otherwise than expected."""
    counted_minor: dict[str, int] = {count.currency: count.amount_minor for count in counted}
    postings = []
    for currency in sorted({*expected_minor, *counted_minor}):
        expected, found = expected_minor.get(currency, 0), counted_minor.get(currency, 0)
        postings += [
            Posting(Account.SAFE, found, currency),
            Posting(Account.DIFFERENCES, expected - found, currency, holder),
            Posting(Account.DRAWER, -expected, currency, holder),
        ]
    return tuple(posting for posting in postings if posting.quantity)


def must_hold(has_minor: dict[str, int], takes_minor: dict[str, int]) -> None:
    """Check that the ledger knows of as much as is taken.

    Raises: NotEnoughCash.
    """
    for currency, amount_minor in takes_minor.items():
        if amount_minor > has_minor.get(currency, 0):
            raise NotEnoughCash(f"{has_minor.get(currency, 0)} {currency} are known of.")
