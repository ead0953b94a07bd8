"""Tracking says that parcels were handed over and what was paid: the one place where such money is booked."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.parcel.cash.domain.entry import Cause, Draft, Entry, Kind
from services.parcel.cash.use_cases.enter import enter
from services.parcel.cod.domain.collection import CodItem, collected_postings
from services.parcel.cod.domain.promise import promised_on
from services.parcel.cod.store import cod_items
from services.parcel.posting.domain.money_due import MoneyDue
from services.parcel.posting.use_cases.find_money_due import find_money_due
from services.parcel.pricing.domain.exchange_rate import RateNotFound
from services.parcel.pricing.use_cases.find_rate import find_rate
from shared.clock import LOCAL
from shared.contracts.parcel import ParcelCodBookedV1
from shared.contracts.tracking import ParcelHandedOverV1
from shared.db.connection import Tx
from shared.messaging.outbox import Outbox


async def book_hand_overs(tx: Tx, outbox: Outbox, events: Sequence[ParcelHandedOverV1], now: datetime) -> None:
    """Book each payment once, by its scan; an item that was paid before is paid no second time.

    Holds the ledgers of their offices. What was paid beyond what was due waits under suspense.
    """
    dues = await find_money_due(tx, [event.item_number for event in events])
    paid = await cod_items.find(tx, [event.item_number for event in events])
    known = dict.fromkeys(paid)
    drafts, first = [], list[ParcelHandedOverV1]()
    for event in events:
        due = None if event.item_number in known else dues.get(event.item_number)
        if event.payment.method == "khqr" and event.item_number in paid:
            # It was matched with a bank's statement before it was handed over, and is booked.
            continue
        drafts.append(await _draft(tx, event, due, now))
        first.append(event)
        known[event.item_number] = None
    entered = await enter(tx, drafts)
    new = [(event, one.entry) for event, one in zip(first, entered, strict=True) if one.is_new]
    items = _collected(new, {number: due for number, due in dues.items() if number not in paid}, now)
    await cod_items.add(tx, items)
    await outbox.append(tx, [booked(item, now) for item in items if item.ready_at or item.method == "carrier"])


async def _draft(tx: Tx, event: ParcelHandedOverV1, due: MoneyDue | None, now: datetime) -> Draft:
    rate = None
    with suppress(RateNotFound):
        rate = (await find_rate(tx, event.occurred_at.astimezone(LOCAL).date())).riel_per_usd
    postings, flags = collected_postings(event, due, rate)
    return Draft(
        event.office,
        Kind.COD_COLLECTED,
        postings,
        Cause("scan", str(event.scan_id)),
        event.actor,
        event.occurred_at,
        now,
        event.device,
        event.payment.drawer_id,
        (event.item_number,),
        rate,
        flags=flags,
    )


def _collected(
    new: Sequence[tuple[ParcelHandedOverV1, Entry]], dues: Mapping[str, MoneyDue], now: datetime
) -> list[CodItem]:
    items: dict[str, CodItem] = {}
    for event, entry in new:
        due = dues.get(event.item_number)
        if due and due.cod and event.item_number not in items:
            is_there = event.payment.method == "cash"
            items[event.item_number] = collected(
                due,
                event.payment.method,
                event.office,
                entry,
                event.occurred_at,
                ready_at=now if is_there else None,
                carrier=event.payment.carrier,
            )
    return list(items.values())


def collected(
    due: MoneyDue,
    method: Literal["cash", "khqr", "carrier"],
    office: str,
    entry: Entry,
    collected_at: datetime,
    *,
    ready_at: datetime | None,
    carrier: str | None = None,
) -> CodItem:
    """Return what was collected for the sender of an item."""
    assert due.cod is not None
    return CodItem(
        due.item_number,
        due.holder,
        UUID(due.trader) if due.trader else None,
        due.office,
        due.cod.amount_minor,
        due.cod.currency,
        due.kept_minor,
        method,
        carrier,
        collected_at,
        office,
        entry.entry_id,
        ready_at,
        promised_on(ready_at.astimezone(LOCAL).date()) if ready_at else None,
    )


def booked(item: CodItem, now: datetime) -> ParcelCodBookedV1:
    """Return the event that tells that an item is paid."""
    return ParcelCodBookedV1(
        item_number=item.item_number,
        amount_minor=item.amount_minor,
        currency=item.currency,
        method=item.method,
        booked_at=now,
    )
