"""A draft: a parcel that is announced, which becomes a registration at a counter or ends without one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.parcel.drafts.domain.announced import Announced
from services.parcel.drafts.domain.short_number import written
from shared.access.roles import Actor
from shared.errors import Conflict, NotFound


class DraftNotFound(NotFound):
    """No draft of this id or number is yours to see."""

    slug = "draft-not-found"


class DraftClosed(Conflict):
    """This draft is accepted, withdrawn or expired; announce the parcel anew, or look for it by its item number."""

    slug = "draft-closed"


class DraftState(StrEnum):
    """How far a draft has come."""

    ANNOUNCED = "announced"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class DraftSource(StrEnum):
    """How a draft came."""

    API = "api"
    FORM = "form"
    FILE = "file"
    VISITOR = "visitor"
    """Somebody without a shop, from the public page."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One announced parcel; its people are forgotten as soon as it is closed."""

    draft_id: UUID
    office: str
    """Where it will be handed in."""
    serial: int
    trader_id: UUID | None
    """The shop that announced it; None for a visitor."""
    source: DraftSource
    announced_by: str
    announced_at: datetime
    expires_at: datetime
    announced: Announced | None
    """None once it is closed."""
    order_reference: str | None = None
    sack_id: UUID | None = None
    state: DraftState = DraftState.ANNOUNCED
    closed_at: datetime | None = None
    item_number: str | None = None
    """Of the parcel that it became."""

    @property
    def number(self) -> str:
        """Return the short number as it is written on the parcel; it may be another's once this draft is closed."""
        return written(self.serial)

    def is_seen_by(self, actor: Actor) -> bool:
        """Tell whether it is of the actor's shop, or to be handed in at the actor's office."""
        if actor.trader is not None:
            return actor.trader == str(self.trader_id)
        return actor.acts_for(self.office)

    def open(self) -> Announced:
        """Return what is announced.

        Raises: DraftClosed.
        """
        if self.announced is None or self.state is not DraftState.ANNOUNCED:
            raise DraftClosed
        return self.announced
