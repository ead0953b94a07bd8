"""Time-ordered identifiers.

Source: RFC 9562, UUID version 7.
"""

from datetime import UTC, datetime
from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """Return a new UUIDv7; later ones sort after earlier ones of the same process."""
    return uuid_utils.compat.uuid7()


def time_of(identifier: UUID) -> datetime:
    """Return the instant a UUIDv7 was made, to the millisecond."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)
