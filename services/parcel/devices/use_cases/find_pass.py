"""Where a record names a pass, it is seen what was given with it."""

from uuid import UUID

from services.parcel.devices.domain.passes import KeptPass, PassNotFound
from services.parcel.devices.store import passes
from shared.db.connection import Tx


async def find_pass(tx: Tx, pass_id: UUID) -> KeptPass:
    """Return a pass with the session that it was given with.

    Raises: PassNotFound.
    """
    kept = await passes.find(tx, pass_id)
    if kept is None:
        raise PassNotFound
    return kept
