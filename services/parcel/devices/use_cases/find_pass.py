"""Where a record names a pass, it is seen what was given with it."""

from uuid import UUID

from services.parcel.devices.domain.passes import KeptPass
from services.parcel.devices.store import passes
from shared.db.connection import Tx


async def find_pass(tx: Tx, pass_id: UUID) -> KeptPass | None:
    """Return a pass with the session that it was given with; None where it was lost with the last day of a database."""
    return await passes.find(tx, pass_id)
