"""A shop puts drafts into a sack, which gets one code for all of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.parcel.drafts.domain.draft import Draft
from services.parcel.drafts.domain.sack import MOST_DRAFTS, Sack, SackEmpty
from services.parcel.drafts.store import drafts, sacks
from shared.db.connection import Tx
from shared.ids import new_id


async def fill_sack(
    tx: Tx,
    trader_id: UUID,
    office: str,
    label: str | None,
    draft_ids: Sequence[UUID] | None,
    made_by: str,
    now: datetime,
) -> tuple[Sack, list[Draft]]:
    """Put drafts into a new sack, or all loose ones for an office; returns it with those that went in.

    What is closed, in another sack or for another office stays out.

    Raises: SackEmpty.
    """
    sack = Sack(new_id(), trader_id, office, label, made_by, now)
    chosen = await drafts.loose(tx, trader_id, office, MOST_DRAFTS) if draft_ids is None else draft_ids
    await sacks.add(tx, sack)
    if not await drafts.put_into(tx, sack.sack_id, trader_id, office, chosen):
        raise SackEmpty
    return sack, await drafts.of_sack(tx, sack.sack_id)
