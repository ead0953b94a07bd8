"""A sack: drafts that come together, with one code to scan for all of them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.access.roles import Actor
from shared.errors import Conflict, NotFound

CODE_PREFIX = "CTCSACK:"
MOST_DRAFTS = 1_000


class SackNotFound(NotFound):
    """No sack of this id is yours to see."""

    slug = "sack-not-found"


class SackEmpty(Conflict):
    """None of these drafts can be put into a sack: they are closed, in another sack or for another office."""

    slug = "sack-empty"


@dataclass(frozen=True, slots=True)
class Sack:
    """Drafts of one shop that are handed in at one office together."""

    sack_id: UUID
    trader_id: UUID
    office: str
    label: str | None
    """What the shop calls it."""
    made_by: str
    made_at: datetime

    @property
    def code(self) -> str:
        """Return what its QR code says; the id tells nothing and opens nothing without a login."""
        return f"{CODE_PREFIX}{self.sack_id}"

    def is_seen_by(self, actor: Actor) -> bool:
        """Tell whether it is of the actor's shop, or comes to the actor's office."""
        if actor.trader is not None:
            return actor.trader == str(self.trader_id)
        return actor.acts_for(self.office)
