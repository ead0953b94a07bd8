"""A sender announces parcels, one or many; each order of a shop once, however often it is sent."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.parcel.drafts.domain.announced import Announced, digest
from services.parcel.drafts.domain.draft import Draft, DraftSource
from services.parcel.drafts.domain.outcome import KnownOrder, Outcome, Outcomes
from services.parcel.drafts.store import drafts
from services.parcel.drafts.use_cases.take_numbers import take_numbers
from shared.db.connection import Tx
from shared.ids import new_id


@dataclass(frozen=True, slots=True)
class Announcing:
    """Who announces, where they will hand in, and until when they may."""

    office: str
    trader_id: UUID | None
    source: DraftSource
    announced_by: str
    now: datetime
    expires_at: datetime
    sack_id: UUID | None = None


async def announce_drafts(tx: Tx, announcing: Announcing, parcels: Sequence[Announced]) -> list[Outcomes]:
    """Keep drafts of parcels; returns what became of each, in order.

    Nobody else announces for the same shop, nor takes numbers of the office, until the transaction ends.
    """
    known = await _known(tx, announcing.trader_id, parcels)
    written = [parcel.written() for parcel in parcels]
    digests = [digest(one) for one in written]
    first_of: dict[str, int] = {}
    new = [place for place, parcel in enumerate(parcels) if _is_new(announcing, parcel, place, known, first_of)]
    serials = iter(await take_numbers(tx, announcing.office, len(new)) if new else ())
    made = {place: _draft(announcing, parcels[place], next(serials)) for place in new}
    await drafts.add(tx, [(draft, written[place], digests[place]) for place, draft in made.items()])
    known |= {reference: KnownOrder(made[place], digests[place]) for reference, place in first_of.items()}
    return [
        Outcomes(Outcome.ANNOUNCED, made[place])
        if place in made
        else known[parcel.order_reference or ""].meets(digests[place])
        for place, parcel in enumerate(parcels)
    ]


def _is_new(
    announcing: Announcing, parcel: Announced, place: int, known: Container[str], first_of: dict[str, int]
) -> bool:
    """Tell whether a parcel is neither known by its order nor the second of an order in the same list."""
    reference = parcel.order_reference
    if reference is None or announcing.trader_id is None:
        return True
    return reference not in known and first_of.setdefault(reference, place) == place


async def _known(tx: Tx, trader_id: UUID | None, parcels: Sequence[Announced]) -> dict[str, KnownOrder]:
    references = [parcel.order_reference for parcel in parcels if parcel.order_reference is not None]
    if trader_id is None or not references:
        return {}
    await drafts.hold_orders(tx, trader_id)
    return await drafts.of_orders(tx, trader_id, references)


def _draft(announcing: Announcing, parcel: Announced, serial: int) -> Draft:
    return Draft(
        draft_id=new_id(),
        office=announcing.office,
        serial=serial,
        trader_id=announcing.trader_id,
        source=announcing.source,
        announced_by=announcing.announced_by,
        announced_at=announcing.now,
        expires_at=announcing.expires_at,
        announced=parcel,
        order_reference=parcel.order_reference,
        sack_id=announcing.sack_id,
    )
