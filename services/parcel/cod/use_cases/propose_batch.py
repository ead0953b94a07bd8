"""Somebody proposes whom to pay: all that is with the post, of those who want it one way."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from services.parcel.cod.domain.collection import CodItem
from services.parcel.cod.domain.payout import WAYS, Batch, Method, NothingToPayOut, Payout, new_code
from services.parcel.cod.store import batches, cod_items
from services.parcel.people.domain.trader import Payout as Way
from services.parcel.people.use_cases.find_payout_ways import find_payout_ways
from services.parcel.pricing.domain.money import Currency
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.ids import new_id

MOST_ITEMS = 20_000


async def propose_batch(
    tx: Tx, actor: Actor, method: Method, currency: Currency, now: datetime
) -> tuple[Batch, list[Payout]]:
    """Put what may be paid out one way into a batch, a payout for each sender; until it is rejected no other has it.

    Raises: NothingToPayOut.
    """
    ready = await cod_items.hold_ready(tx, currency, now, MOST_ITEMS)
    ways = await find_payout_ways(tx, sorted({one.trader_id for one in ready if one.trader_id}))
    of_holder: dict[str, list[CodItem]] = {}
    for one in ready:
        if _way_of(one, ways) == method and one.net_minor:
            of_holder.setdefault(one.holder, []).append(one)
    if not of_holder:
        raise NothingToPayOut
    batch = Batch(new_id(), method, currency, actor.id, now)
    payouts = [_payout(batch, items, ways) for items in of_holder.values()]
    await batches.add(tx, batch, payouts)
    for payout, items in zip(payouts, of_holder.values(), strict=True):
        await cod_items.put_into(tx, [one.item_number for one in items], payout.payout_id)
    return batch, payouts


def _way_of(item: CodItem, ways: Mapping[UUID, tuple[str, Way]]) -> Method:
    """Return how a sender is paid: in cash where they posted, unless they have a shop that said otherwise."""
    known = ways.get(item.trader_id) if item.trader_id else None
    return WAYS[known[1].kind] if known else "cash"


def _payout(batch: Batch, items: Sequence[CodItem], ways: Mapping[UUID, tuple[str, Way]]) -> Payout:
    first = items[0]
    known = ways.get(first.trader_id) if first.trader_id else None
    office = known[0] if known else first.office
    return Payout(
        new_id(),
        batch.batch_id,
        first.holder,
        first.trader_id,
        office,
        sum(one.net_minor for one in items),
        batch.currency,
        len(items),
        min(one.promised_on or date.max for one in items),
        new_code() if batch.method == "cash" else None,
    )
