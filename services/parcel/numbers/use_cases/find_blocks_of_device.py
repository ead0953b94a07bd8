"""Which item numbers a counter's device leased."""

from datetime import datetime
from uuid import UUID

from services.parcel.numbers.domain.device_blocks import LeasedBlock
from services.parcel.numbers.store import numbers
from shared.db.connection import Tx


async def find_blocks_of_device(tx: Tx, device_id: UUID, since: datetime) -> list[LeasedBlock]:
    """Return the blocks that a device leased since a time, by their letters, the first one first."""
    blocks = await numbers.blocks_of_device(tx, device_id, since)
    return [LeasedBlock(one.indicator, one.first_serial, one.last_serial) for one in blocks]
