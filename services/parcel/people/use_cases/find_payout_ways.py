"""The post is about to pay shops: how each wants its money."""

from collections.abc import Sequence
from uuid import UUID

from services.parcel.people.domain.trader import Payout
from services.parcel.people.store import traders
from shared.db.connection import Tx


async def find_payout_ways(tx: Tx, trader_ids: Sequence[UUID]) -> dict[UUID, tuple[str, Payout]]:
    """Return for each shop its office, and how it is paid."""
    return {trader.trader_id: (trader.office, trader.payout) for trader in await traders.of_ids(tx, trader_ids)}
