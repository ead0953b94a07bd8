"""A shop, or whoever serves it, looks at what became of its money."""

from datetime import datetime
from uuid import UUID

from services.parcel.cod.domain.statement import Statement
from services.parcel.cod.store import batches, cod_items
from services.parcel.people.use_cases.find_shop import find_shop
from services.parcel.people.use_cases.note_read import note_read
from shared.access.roles import Actor
from shared.db.connection import Tx

MOST_ITEMS = 20_000


async def draw_statement(tx: Tx, actor: Actor, trader_id: UUID, since: datetime, until: datetime) -> Statement:
    """Return what was collected for a shop within a span, and its payouts.

    Raises: TraderNotFound.
    """
    shop = await find_shop(tx, actor, trader_id)
    await note_read(tx, actor, "statement of a shop", subjects=[trader_id])
    holder = str(shop.trader_id)
    return Statement(
        await cod_items.of_holder(tx, holder, since, until, MOST_ITEMS),
        await batches.of_holder(tx, holder, since, until, MOST_ITEMS),
    )
