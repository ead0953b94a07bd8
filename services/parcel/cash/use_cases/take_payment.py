"""A clerk takes a payment into a drawer: for one thing or many, in riel and dollars, and gives change."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.accounts import Account, Posting
from services.parcel.cash.domain.articles import Pieces, must_be_articles, must_be_in_stock, sold_postings
from services.parcel.cash.domain.entry import Cause, Draft, Entry, Kind
from services.parcel.cash.domain.payment import AlreadyPaid, Due, Given, needs_rate, payment_postings
from services.parcel.cash.store import balances, paid_items
from services.parcel.cash.use_cases.enter import enter
from services.parcel.cash.use_cases.hold_drawer import hold_drawer
from services.parcel.pricing.domain.money import Amount
from services.parcel.pricing.use_cases.find_rate import find_rate
from shared.access.roles import Actor
from shared.clock import LOCAL
from shared.db.connection import Tx
from shared.ids import new_id


async def take_payment(
    tx: Tx,
    actor: Actor,
    drawer_id: UUID,
    dues: Sequence[Due],
    sold: Sequence[Pieces],
    given: Given,
    now: datetime,
    *,
    cause: Cause | None = None,
    office: str | None = None,
) -> Entry:
    """Book what was paid for dues and articles; each item is paid once for each purpose.

    It is the cause of itself if none is named; a drawer of another office than the one named is not found.

    Raises: DrawerNotFound, DrawerClosed, NotEnoughStock, RateNotFound, AlreadyPaid, Invalid.
    """
    drawer = await hold_drawer(tx, actor, drawer_id, office)
    drawer.must_be_open()
    today = now.astimezone(LOCAL).date()
    must_be_articles(sold, today)
    must_be_in_stock(await balances.of_account(tx, drawer.office, Account.STOCK), sold)
    goods = sold_postings(sold, today)
    priced = [*dues, *_prices(goods)]
    rate = (await find_rate(tx, today)).riel_per_usd if needs_rate(priced, given) else None
    pieces = tuple(posting for posting in goods if posting.account != Account.SALES)
    draft = Draft(
        drawer.office,
        Kind.PAYMENT,
        (*payment_postings(priced, given, Account.DRAWER, drawer.holder, rate), *pieces),
        cause or Cause("command", str(new_id())),
        actor.id,
        now,
        now,
        drawer.device,
        drawer.drawer_id,
        tuple(dict.fromkeys(due.item_number for due in dues if due.item_number)),
        rate,
    )
    (entered,) = await enter(tx, [draft])
    items = [(due.item_number, due.purpose) for due in dues if due.item_number]
    if again := await paid_items.add(tx, items, entered.entry.entry_id):
        raise AlreadyPaid(", ".join(again))
    return entered.entry


def _prices(goods: Sequence[Posting]) -> list[Due]:
    sales = (posting for posting in goods if posting.account == Account.SALES)
    return [Due(Account.SALES, Amount(-posting.quantity, "KHR")) for posting in sales]
