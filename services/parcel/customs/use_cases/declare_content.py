"""A counter declares what an item sent abroad holds."""

from datetime import datetime

from services.parcel.customs.domain.content_rules import findings_on, must_be_acceptable
from services.parcel.customs.domain.declaration import Declaration, DeclarationClosed, DeclarationOver, Declared
from services.parcel.customs.domain.posted_item import PostedItem
from services.parcel.customs.store import closed_items, declarations
from shared.access.roles import Actor
from shared.clock import LOCAL
from shared.db.connection import Tx


async def declare_content(tx: Tx, actor: Actor, item: PostedItem, declaration: Declaration, now: datetime) -> Declared:
    """Keep the declaration of an item of the actor's office, in place of an earlier one; the same changes nothing.

    Whatever was scanned, nothing went with an item that lacks advance data: goods do not leave without.

    Raises: OtherOffice, DeclarationOver, DeclarationClosed, Invalid.
    """
    actor.must_act_for(item.office)
    if item.is_over:
        raise DeclarationOver
    before = await declarations.find(tx, item.item_number)
    if before and before.advance_data_complete_at and await closed_items.has(tx, item.item_number):
        raise DeclarationClosed
    must_be_acceptable(findings_on(declaration, item.sending, now.astimezone(LOCAL).date()))
    await declarations.keep(tx, item.item_number, declaration, actor.id, now)
    declared = await declarations.find(tx, item.item_number)
    assert declared is not None
    return declared
