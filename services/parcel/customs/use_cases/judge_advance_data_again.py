"""The addressee of an item is corrected: what is told ahead is told anew until the item left, and stays complete."""

from datetime import datetime

from services.parcel.customs.domain.advance_data import missing_elements
from services.parcel.customs.domain.declaration import RecipientClosed, ToldAhead
from services.parcel.customs.domain.posted_item import PostedItem
from services.parcel.customs.store import closed_items, declarations
from services.parcel.customs.use_cases.complete_advance_data import complete_advance_data
from shared.clock import LOCAL
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def judge_advance_data_again(tx: Tx, outbox: Outbox, was: PostedItem, item: PostedItem, now: datetime) -> None:
    """Tell that all is there, if it is, anew where it was told; refuse what takes away of it. The item is held.

    Raises: RecipientClosed, ToldAhead.
    """
    if await closed_items.has(tx, item.item_number):
        raise RecipientClosed
    declared = await declarations.find(tx, item.item_number)
    if declared is None:
        return
    missing = missing_elements(declared.declaration, item, now.astimezone(LOCAL).date())
    taken_away = [element for element in missing if element.startswith("addressee.")]
    if declared.advance_data_complete_at and taken_away:
        raise ToldAhead(f"Missing: {', '.join(taken_away)}.")
    if item.addressee != was.addressee:
        await declarations.tell_again(tx, item.item_number)
    await complete_advance_data(tx, outbox, item, now)
