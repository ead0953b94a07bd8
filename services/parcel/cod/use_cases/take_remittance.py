"""A carrier passes on what it collected: it owes that no longer, and senders can be paid."""

from collections.abc import Sequence
from datetime import datetime

from services.parcel.cash.domain.accounts import Account, Posting
from services.parcel.cash.domain.entry import Cause, Draft, Kind
from services.parcel.cash.use_cases.enter import enter
from services.parcel.cash.use_cases.find_owed import find_owed
from services.parcel.cod.domain.promise import promised_on
from services.parcel.cod.domain.remittance import RemittanceBooked, must_be_owed
from services.parcel.cod.store import cod_items
from shared.access.roles import Actor
from shared.clock import LOCAL
from shared.db.connection import Tx


async def take_remittance(
    tx: Tx, actor: Actor, carrier: str, reference: str, item_numbers: Sequence[str], now: datetime
) -> int:
    """Book what came into the bank for these items, once by its reference; returns how many items there are.

    Raises: Invalid, RemittanceBooked.
    """
    numbers = sorted(set(item_numbers))
    items = await cod_items.find(tx, numbers)
    must_be_owed(numbers, {number: one.carrier for number, one in items.items() if not one.ready_at}, carrier)
    drafts = []
    for office in sorted({one.collecting_office for one in items.values()}):
        of_office = tuple(number for number in numbers if items[number].collecting_office == office)
        owed = await find_owed(tx, office, carrier, of_office)
        postings = tuple(
            posting
            for currency, amount_minor in sorted(owed.items())
            for posting in (
                Posting(Account.BANK, amount_minor, currency),
                Posting(Account.CARRIER, -amount_minor, currency, carrier),
            )
        )
        cause = Cause("remittance", f"{carrier}/{reference}/{office}")
        drafts.append(Draft(office, Kind.COD_REMITTED, postings, cause, actor.id, now, now, item_numbers=of_office))
    if not all(one.is_new for one in await enter(tx, drafts)):
        raise RemittanceBooked
    await cod_items.make_ready(tx, numbers, now, promised_on(now.astimezone(LOCAL).date()))
    return len(numbers)
