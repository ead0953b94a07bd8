"""Tracking is told again what holds items from abroad, after it lost that or before it could hear of it."""

from services.parcel.customs.store import inbound_items, past_inbound_items
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox

PORTION = 500


async def republish_charges(tx: Tx, outbox: Outbox, after: str) -> str | None:
    """Tell one portion again, in the order of item numbers; returns where to go on, or None. Locks the items.

    That nothing is due any more is told again too: whoever lost it may know of charges that were taken back.
    """
    portion = await inbound_items.after(tx, after, PORTION, withdrawn=True)
    uncharged = [item.item_number for item in portion if item.payment is None]
    charged_before = await past_inbound_items.charged_among(tx, uncharged)
    told = [item.charges_as_told(charged_before=item.item_number in charged_before) for item in portion]
    await outbox.append(tx, [event for event in told if event])
    return portion[-1].item_number if len(portion) == PORTION else None
