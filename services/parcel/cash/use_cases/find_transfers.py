"""Somebody looks at the cash that an office sent or is sent."""

from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.transfer import Transfer
from services.parcel.cash.store import transfers
from shared.access.roles import Actor
from shared.db.connection import Tx


async def find_transfers(
    tx: Tx, actor: Actor, office: str, before: tuple[datetime, UUID] | None, limit: int
) -> list[Transfer]:
    """Return the transfers of an office, the last sent first.

    Raises: OtherOffice.
    """
    actor.must_act_for(office)
    return await transfers.of_office(tx, office, before, limit)
