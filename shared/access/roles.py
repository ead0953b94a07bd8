"""Who may act, and as what."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.errors import Forbidden


class Role(StrEnum):
    """What somebody is trusted with."""

    CLERK = "clerk"
    SUPERVISOR = "supervisor"
    OFFICE_MANAGER = "office_manager"
    DISTRICT = "district"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    TRADER = "trader"
    """A member of a shop, or a program with the shop's key."""


COUNTER = (Role.CLERK, Role.SUPERVISOR, Role.OFFICE_MANAGER)
"""Those who work at a counter and act for their own office."""
STAFF = (*COUNTER, Role.DISTRICT, Role.AUDITOR, Role.ADMINISTRATOR)
EVERYWHERE = (Role.AUDITOR, Role.ADMINISTRATOR)
"""Those who, bound to no office, may act for or look into every one."""


class OtherOffice(Forbidden):
    """You may act for your own office only."""

    slug = "other-office"


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever is behind a request; without an office, a few roles act for every office and others for none."""

    id: str
    role: Role
    office: str | None
    trader: str | None = None
    """The shop of a trader; its parcels are all that the actor may see."""
    scopes: frozenset[str] | None = None
    """What a key was made for; None for a person, who may do all that the role may."""
    practice: bool = False
    """Acts on practice parcels alone, which no live route shows."""
    device_id: UUID | None = None
    """The counter's device on which they signed in, if it was one."""

    def must_act_for(self, office: str) -> None:
        """Check that the actor may act for an office.

        Raises: OtherOffice.
        """
        if not self.acts_for(office):
            raise OtherOffice(f"You are signed in for {self.office}.")

    def acts_for(self, office: str | None) -> bool:
        """Tell whether the actor may act for an office."""
        return self.role in EVERYWHERE if self.office is None else self.office == office
