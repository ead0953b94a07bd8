"""Senders pay at the counter: the postage of one parcel or many, and boxes with it, in one payment."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.parcel.cash.domain.accounts import Account
from services.parcel.cash.domain.articles import Pieces
from services.parcel.cash.domain.entry import Entry
from services.parcel.cash.domain.payment import Due, Given
from services.parcel.cash.use_cases.take_payment import take_payment
from services.parcel.posting.domain.parcel import JourneyEnded, Parcel, ParcelNotFound
from services.parcel.posting.store import parcels
from services.parcel.pricing.domain.money import Amount
from shared.access.roles import Actor
from shared.db.connection import Tx
from shared.errors import FieldProblem, Invalid

POSTAGE = "postage"


async def take_parcel_payment(
    tx: Tx,
    actor: Actor,
    drawer_id: UUID,
    item_numbers: Sequence[str],
    sold: Sequence[Pieces],
    given: Given,
    now: datetime,
) -> Entry:
    """Book the postage of parcels that their senders pay, and articles, in one entry of a drawer.

    Raises: ParcelNotFound, JourneyEnded, NoPriceKept, Invalid, and what `take_payment` does.
    """
    dues = [await _due(tx, actor, number, place) for place, number in enumerate(item_numbers)]
    if not dues and not sold:
        raise Invalid([FieldProblem("item_numbers", "missing", "Name parcels or articles that are paid for.")])
    return await take_payment(tx, actor, drawer_id, dues, sold, given, now)


async def _due(tx: Tx, actor: Actor, number: str, place: int) -> Due:
    parcel = await parcels.find(tx, number)
    if parcel is None or not actor.acts_for(parcel.office):
        raise ParcelNotFound
    if parcel.cancelled_at:
        raise JourneyEnded
    return Due(Account.POSTAGE, _postage(parcel, place), item_number=number, purpose=POSTAGE)


def _postage(parcel: Parcel, place: int) -> Amount:
    paid = parcel.paid()
    if not paid.amount_minor:
        message = f"The sender of {parcel.item_number} pays nothing here; leave it out."
        raise Invalid([FieldProblem(f"item_numbers.{place}", "nothing-due", message)])
    return Amount(paid.amount_minor, paid.currency)
