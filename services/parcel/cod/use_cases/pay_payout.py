"""A sender gets the money: booked at each office that collected it, and told item by item."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from services.parcel.cash.domain.accounts import Account, Posting
from services.parcel.cash.domain.entry import Cause, Draft, Kind
from services.parcel.cash.use_cases.enter import enter
from services.parcel.cod.domain.collection import CodItem
from services.parcel.cod.domain.payout import Batch, Payout
from services.parcel.cod.store import batches, cod_items
from shared.access.roles import Actor
from shared.clock import LOCAL
from shared.contracts.parcel import ParcelPaidOutV1
from shared.db.connection import Tx
from shared.errors import FieldProblem, Invalid
from shared.messaging.outbox import Outbox


async def pay_payout(
    tx: Tx,
    outbox: Outbox,
    actor: Actor,
    batch: Batch,
    payout: Payout,
    lateness: str | None,
    now: datetime,
    more: Sequence[Draft] = (),
) -> Payout:
    """Book a payout that is locked; one that comes after the promised day is explained.

    Money leaves the bank, or by `more` entries of another office its drawer.

    Raises: Invalid.
    """
    late = now.astimezone(LOCAL).date() > payout.promised_on
    if late and lateness is None:
        message = f"It was promised for {payout.promised_on}; say why it comes later."
        raise Invalid([FieldProblem("lateness", "lateness-unexplained", message)])
    items = await cod_items.of_payout(tx, payout.payout_id)
    drafts = [_draft(actor, batch, payout, office, of, lateness, now) for office, of in _by_office(items)]
    await enter(tx, [*drafts, *more])
    paid = replace(payout, paid_at=now, late=late, lateness=lateness)
    await batches.pay(tx, paid)
    await cod_items.pay(tx, payout.payout_id, now)
    await outbox.append(tx, [_paid_out(batch, item, late, now) for item in items])
    return paid


def _by_office(items: Sequence[CodItem]) -> list[tuple[str, list[CodItem]]]:
    offices = sorted({one.collecting_office for one in items})
    return [(office, [one for one in items if one.collecting_office == office]) for office in offices]


def _draft(
    actor: Actor, batch: Batch, payout: Payout, office: str, items: Sequence[CodItem], words: str | None, now: datetime
) -> Draft:
    net_minor = sum(one.net_minor for one in items)
    account, holder = (Account.SETTLEMENT, str(payout.payout_id)) if batch.method == "cash" else (Account.BANK, "")
    return Draft(
        office,
        Kind.COD_PAID_OUT,
        (
            Posting(Account.COD_HELD, net_minor, payout.currency, payout.holder),
            Posting(account, -net_minor, payout.currency, holder),
        ),
        Cause("payout", f"{payout.payout_id}/{office}"),
        actor.id,
        now,
        now,
        item_numbers=tuple(one.item_number for one in items),
        words=words,
    )


def _paid_out(batch: Batch, item: CodItem, late: bool, now: datetime) -> ParcelPaidOutV1:
    return ParcelPaidOutV1(
        item_number=item.item_number,
        amount_minor=item.net_minor,
        currency=item.currency,
        method=batch.method,
        paid_at=now,
        late=late,
    )
