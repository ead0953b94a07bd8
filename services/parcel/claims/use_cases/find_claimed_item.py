"""Somebody asks about an item: ours or from abroad, who had it last, and what its compensation is reckoned by."""

from dataclasses import dataclass
from datetime import date

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.claims.domain.compensation import Claimed
from services.parcel.claims.domain.enquiry import Holder
from services.parcel.customs.domain.inbound import InboundItemNotFound
from services.parcel.customs.use_cases.find_inbound_item import find_inbound_item
from services.parcel.posting.domain.parcel import Parcel, ParcelNotFound
from services.parcel.posting.use_cases.find_last_office import find_last_office
from services.parcel.posting.use_cases.find_parcel import find_parcel
from services.parcel.pricing.domain.quote import LineCode
from services.parcel.pricing.domain.tariff import Option
from services.parcel.pricing.use_cases.find_refunds import find_refunds
from shared.access.roles import Actor
from shared.clock import LOCAL
from shared.contracts.states import CustomerState
from shared.db.connection import Tx

NOT_SENT = frozenset({CustomerState.ANNOUNCED, CustomerState.ACCEPTED})


@dataclass(frozen=True, slots=True)
class ClaimedItem:
    """An item that somebody asks about."""

    item_number: str
    office: str
    """Of posting, or the one that took it in."""
    collecting_office: str | None
    trader: str | None
    posted_on: date
    is_international: bool
    holder: Holder
    claimed: Claimed | None
    """None of an item from abroad, which its own post compensates."""

    def followed_by(self, actor: Actor) -> str:
        """Return the office that follows a claim that somebody opens: theirs, if the item stays its own to see."""
        own = actor.office if actor.trader is None else None
        return own if own and own in {self.office, self.collecting_office} else self.office


async def find_claimed_item(tx: Tx, actor: Actor, item_number: str) -> ClaimedItem:
    """Return an item that the actor may see.

    Raises: ParcelNotFound.
    """
    if item_number.endswith(DOMESTIC):
        return await _ours(tx, await find_parcel(tx, actor, item_number))
    if actor.trader is not None:
        raise ParcelNotFound
    try:
        item = (await find_inbound_item(tx, actor, item_number)).item
    except InboundItemNotFound:
        # One answer, whatever sort of number was asked about.
        raise ParcelNotFound from None
    holder = Holder(item.holding_office or item.collecting_office or item.taking_office)
    received_on = item.received_at.astimezone(LOCAL).date()
    return ClaimedItem(
        item_number=item_number,
        office=item.taking_office,
        collecting_office=item.collecting_office,
        trader=None,
        posted_on=received_on,
        is_international=True,
        holder=holder,
        claimed=None,
    )


async def _ours(tx: Tx, parcel: Parcel) -> ClaimedItem:
    is_international = parcel.destination_country != DOMESTIC
    postage = parcel.postage
    # The charge for insurance was earned, whatever became of the item.
    charged = (
        sum(line.amount_riel for line in postage.price.lines if line.code is not LineCode.INSURANCE) if postage else 0
    )
    refunds = await find_refunds(tx, parcel.item_number)
    given_back = sum(one.amount_minor for one in refunds if one.decision == "granted")
    paid_riel = min(charged, postage.paid_riel) - given_back if postage else 0
    is_registered = parcel.service == "registered_letter" or (
        postage is not None and Option.REGISTERED in postage.options
    )
    return ClaimedItem(
        parcel.item_number,
        parcel.office,
        parcel.collecting_office,
        parcel.trader,
        parcel.registered_at.astimezone(LOCAL).date(),
        is_international,
        await _holder_of(tx, parcel, is_international=is_international),
        Claimed(
            parcel.service,
            is_international,
            parcel.weight_g,
            is_registered,
            postage.insured_value if postage else None,
            max(0, paid_riel),
        ),
    )


async def _holder_of(tx: Tx, parcel: Parcel, *, is_international: bool) -> Holder:
    """Return who had it last; news of a post abroad names no office of ours."""
    if is_international and parcel.holding_office is None and parcel.state not in NOT_SENT:
        return Holder(None, parcel.destination_country)
    return Holder(parcel.holding_office or await find_last_office(tx, parcel.item_number) or parcel.office)
