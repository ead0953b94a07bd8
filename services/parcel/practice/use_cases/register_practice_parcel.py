"""A program under test registers a parcel that nobody will ever carry."""

import secrets
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.parcel.numbers.use_cases.must_be_sticker import StickerUsed
from services.parcel.posting.domain.postage import Postage
from services.parcel.posting.domain.registration import RegisterParcel
from services.parcel.practice.domain.practice_parcel import PracticeParcel
from services.parcel.practice.domain.walks import state_after, walk_of
from services.parcel.practice.store import practice_parcels
from shared.db.connection import Tx
from shared.s10 import ItemNumber

LINK_SECRET_BYTES = 20


async def register_practice_parcel(
    tx: Tx,
    command: RegisterParcel,
    postage: Postage,
    number: ItemNumber,
    trader_id: UUID,
    actor: str,
    now: datetime,
) -> PracticeParcel:
    """Keep a practice parcel; no event tells of it.

    Raises: StickerUsed.
    """
    walk = walk_of(command.recipient.phone)
    asked = command.parcel(str(number), secrets.token_urlsafe(LINK_SECRET_BYTES), postage, actor, now)
    parcel = replace(asked, state=state_after(walk, 0), trader=str(trader_id))
    one = PracticeParcel(trader_id, parcel, walk, 0, now)
    if not await practice_parcels.add(tx, one):
        raise StickerUsed
    return one
