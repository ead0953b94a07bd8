"""Another post tells ahead of an item that it sends here."""

import secrets
from datetime import datetime

from services.parcel.customs.domain.inbound import AlreadyTakenIn, InboundItem, InboundItemNotFound, TakenIn
from services.parcel.customs.domain.itmatt import AdvanceData
from services.parcel.customs.domain.told_item import told_item
from services.parcel.customs.store import inbound_items
from services.parcel.customs.use_cases.add_inbound_item import add_inbound_item
from services.parcel.customs.use_cases.readdress_item import readdress_item
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx


async def take_in_advance_data(
    tx: Tx, actor: Actor, data: AdvanceData, office: str, collecting_office: str | None, now: datetime
) -> TakenIn:
    """Keep the advance data of an item; of one known already what a clerk wrote stays, and all else is told anew.

    Raises: OtherOffice, Invalid, InboundItemNotFound, AlreadyTakenIn, where its people were forgotten since.
    """
    actor.must_act_for(office)
    item = told_item(data, office, collecting_office, secrets.token_urlsafe(16), actor.id, now)
    if added := await add_inbound_item(tx, item):
        return added
    known = await inbound_items.lock(tx, item.item_number)
    if known is None:
        raise AlreadyTakenIn
    if not known.is_seen_by(actor):
        raise InboundItemNotFound
    await note_read(tx, actor, "advance data", [item.item_number])
    wanted = known.told_anew(item)
    if wanted == known:
        return TakenIn(known, None)
    if _reached(wanted) == _reached(known):
        return TakenIn(await inbound_items.change(tx, wanted), None)
    return await readdress_item(tx, actor, known, wanted, now)


def _reached(item: InboundItem) -> tuple[object, ...]:
    return item.addressee, item.sender_name, item.collecting_office
