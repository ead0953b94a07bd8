"""A pass as it is kept, so that it is known who may unlock a device, and since when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.access.passes import VALID_FOR, Pass
from shared.access.roles import COUNTER, Role

WORKING = frozenset({*COUNTER, Role.ADMINISTRATOR})
"""Roles that do something at a counter; others have no use for a device without a line."""


@dataclass(frozen=True, slots=True)
class KeptPass:
    """A pass, and the session that it was given with."""

    granted: Pass
    session_id: UUID

    @property
    def ends_at(self) -> datetime:
        """Return the instant after which it unlocks nothing."""
        return self.granted.issued_at + VALID_FOR
