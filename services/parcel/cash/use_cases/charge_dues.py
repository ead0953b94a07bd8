"""Dues are paid without cash: by code, or on a bill; the account that owes them until then is debited."""

from collections.abc import Sequence
from datetime import datetime

from services.parcel.cash.domain.accounts import Account
from services.parcel.cash.domain.entry import Cause, Draft, Entry, Kind
from services.parcel.cash.domain.payment import AlreadyPaid, Due, Given, payment_postings
from services.parcel.cash.store import paid_items
from services.parcel.cash.use_cases.enter import enter
from shared.access.roles import Actor
from shared.db.connection import Tx


async def charge_dues(
    tx: Tx, actor: Actor, office: str, dues: Sequence[Due], to: tuple[Account, str], cause: Cause, now: datetime
) -> Entry:
    """Book dues of one currency to an account and its holder, once for their cause; each item is paid once.

    Raises: AlreadyPaid.
    """
    account, holder = to
    given = Given(tuple(due.amount for due in dues))
    numbers = tuple(dict.fromkeys(due.item_number for due in dues if due.item_number))
    postings = payment_postings(dues, given, account, holder, None)
    draft = Draft(office, Kind.PAYMENT, postings, cause, actor.id, now, now, item_numbers=numbers)
    (entered,) = await enter(tx, [draft])
    items = [(due.item_number, due.purpose) for due in dues if due.item_number]
    if entered.is_new and (again := await paid_items.add(tx, items, entered.entry.entry_id)):
        raise AlreadyPaid(", ".join(again))
    return entered.entry
