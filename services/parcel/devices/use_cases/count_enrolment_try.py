"""Each try with the code of a device counts, whatever becomes of it, so that many at once gain nothing."""

from uuid import UUID

from services.parcel.devices.store import devices
from shared.db.connection import Tx


async def count_enrolment_try(tx: Tx, device_id: UUID) -> None:
    """Count a try; the transaction is to be committed before the code is judged."""
    await devices.count_try(tx, device_id)
