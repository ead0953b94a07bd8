"""A program under test registers a parcel that nobody will ever carry."""

import secrets
from datetime import datetime
from uuid import UUID

from services.parcel.posting.domain.parcel import Parcel
from services.parcel.posting.domain.registration import RegisterParcel
from services.parcel.practice.domain.practice_parcel import PracticeParcel, new_number
from services.parcel.practice.domain.walks import state_after, walk_of
from services.parcel.practice.store import practice_parcels
from shared.db.connection import Tx

LINK_SECRET_BYTES = 20


async def register_practice_parcel(
    tx: Tx, command: RegisterParcel, trader_id: UUID, actor: str, now: datetime
) -> PracticeParcel:
    """Keep a practice parcel; no event tells of it."""
    walk = walk_of(command.recipient.phone)
    parcel = Parcel(
        item_number=str(new_number()),
        office=command.office,
        service=command.service,
        destination_country=command.destination_country,
        collecting_office=command.collecting_office,
        weight_g=command.weight_g,
        length_mm=command.length_mm,
        width_mm=command.width_mm,
        height_mm=command.height_mm,
        sender=command.sender,
        recipient=command.recipient,
        order_reference=command.order_reference,
        link_secret=secrets.token_urlsafe(LINK_SECRET_BYTES),
        registered_by=actor,
        registered_at=now,
        state=state_after(walk, 0),
        trader=str(trader_id),
    )
    one = PracticeParcel(trader_id, parcel, walk, 0, now)
    await practice_parcels.add(tx, one)
    return one
