"""Time-ordered identifiers.

Source: RFC 9562, UUID version 7.
"""

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """Return a new UUIDv7; later ones sort after earlier ones of the same process."""
    return uuid_utils.compat.uuid7()
