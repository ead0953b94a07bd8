"""The addressee of a declared item was corrected: what is told ahead may be complete now, and must not cease to be."""

from datetime import datetime

from services.parcel.customs.domain.advance_data import missing_elements
from services.parcel.customs.domain.declaration import ToldAhead
from services.parcel.customs.domain.posted_item import PostedItem
from services.parcel.customs.store import declarations
from services.parcel.customs.use_cases.complete_advance_data import complete_advance_data
from shared.clock import LOCAL
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def judge_advance_data_again(tx: Tx, outbox: Outbox, item: PostedItem, now: datetime) -> None:
    """Tell that all is there, if it is now; refuse a correction that takes away what was told. The item is held.

    Raises: ToldAhead.
    """
    declared = await declarations.find(tx, item.item_number)
    if declared is None:
        return
    missing = missing_elements(declared.declaration, item, now.astimezone(LOCAL).date())
    taken_away = [element for element in missing if element.startswith("addressee.")]
    if declared.advance_data_complete_at and taken_away:
        raise ToldAhead(f"Missing: {', '.join(taken_away)}.")
    await complete_advance_data(tx, outbox, item, now)
