"""Whether an announced parcel can be accepted as it lies on the scales, and at which price."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

from services.parcel.drafts.domain.announced import Weighed, registration_of
from services.parcel.drafts.domain.difference import DiffersFromAnnounced, differences
from services.parcel.drafts.domain.draft import Draft, DraftNotFound
from services.parcel.drafts.domain.sitting import MOST_ITEMS, Sitting, SittingFull, SittingNotFound
from services.parcel.drafts.store import drafts, sittings
from services.parcel.posting.domain.postage import Postage
from services.parcel.posting.domain.registration import RegisterParcel
from shared.access.roles import Actor
from shared.db.connection import Tx

Pricing = Callable[[RegisterParcel], Postage]
"""Checks a registration and reckons its price by offices, tariff and rate of the day."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """One parcel on the scales: which draft it is, and what the counter finds."""

    sitting_id: UUID
    draft: UUID | int
    """By its id, or by the serial of the number written on it, at the office of the sitting."""
    weighed: Weighed
    confirmed: bool
    """The sender was asked about what differs."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What is about to be registered."""

    sitting: Sitting
    draft: Draft
    command: RegisterParcel
    postage: Postage


async def judge_acceptance(tx: Tx, actor: Actor, acceptance: Acceptance, pricing: Pricing) -> Judged:
    """Return what would be registered; changes nothing.

    Raises: SittingNotFound, SittingPaid, SittingFull, DraftNotFound, DraftClosed, OtherCustomer, DiffersFromAnnounced,
    and what the pricing raises.
    """
    sitting = await sittings.find(tx, acceptance.sitting_id)
    if sitting is None or not sitting.is_seen_by(actor):
        raise SittingNotFound
    sitting.must_be_open()
    if len(await sittings.items(tx, sitting.sitting_id)) >= MOST_ITEMS:
        raise SittingFull
    draft = await _find(tx, acceptance.draft, sitting)
    announced = draft.open()
    weighed = acceptance.weighed
    if not weighed.fits_limits and not weighed.is_measured:
        weighed = replace(weighed, fits_limits=sitting.fits_limits)
    found = differences(announced, weighed, draft.office, sitting.office)
    if found and not acceptance.confirmed:
        raise DiffersFromAnnounced(found)
    trader = str(draft.trader_id) if draft.trader_id else None
    command = registration_of(announced, weighed, sitting.office, trader)
    return Judged(sitting, draft, command, pricing(command))


async def _find(tx: Tx, wanted: UUID | int, sitting: Sitting) -> Draft:
    """Return a draft of the customer whose sitting it is; one of another is theirs alone to know of.

    Raises: DraftNotFound, OtherCustomer.
    """
    if isinstance(wanted, UUID):
        draft = await drafts.find(tx, wanted)
        if draft is None or draft.trader_id != sitting.trader_id:
            raise DraftNotFound
        return draft
    draft = await drafts.open_one(tx, sitting.office, wanted)
    if draft is None:
        raise DraftNotFound
    sitting.must_be_of(draft.trader_id)
    return draft
