"""What waits at an office and what is on its way there, from table parcel."""

from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.postage import read_postage
from services.parcel.posting.domain.shelf import ON_SHELF, PHONE_END, Expected, OnShelf, due_of
from shared.contracts.states import CustomerState
from shared.db.connection import Tx


async def waiting(tx: Tx, office: str, limit: int) -> list[OnShelf]:
    """Return the parcels that wait at an office for their recipients, newest first."""
    records = await tx.fetch(
        """
        select item_number, state, recipient, postage from parcel
        where collecting_office = $1 and holding_office = $1 and erased_at is null
          and state in ('in_transit', 'arrived', 'held', 'ready_for_collection', 'out_for_delivery', 'attempt_failed')
          and state = any($2::text[])
        order by registered_at desc, item_number desc limit $3
        """,
        office,
        [state.value for state in ON_SHELF],
        limit,
    )
    return [
        _on_shelf(record["item_number"], record["state"], record["recipient"], record["postage"]) for record in records
    ]


async def come_back(tx: Tx, office: str, limit: int) -> list[OnShelf]:
    """Return the parcels that came back to an office and wait for their senders, newest first; nothing is due."""
    records = await tx.fetch(
        """
        select item_number, state, sender from parcel
        where office = $1 and holding_office = $1 and erased_at is null and state = 'returning'
        order by registered_at desc, item_number desc limit $2
        """,
        office,
        limit,
    )
    return [_on_shelf(record["item_number"], record["state"], record["sender"], None) for record in records]


async def expected(tx: Tx, office: str, limit: int) -> list[Expected]:
    """Return the parcels that are on their way to an office and not there yet, newest first."""
    records = await tx.fetch(
        """
        select item_number, state, service, office, holding_office, weight_g from parcel
        where collecting_office = $1 and (holding_office is distinct from $1 or state = 'in_transit')
          and state in ('in_transit', 'arrived', 'held', 'ready_for_collection', 'out_for_delivery', 'attempt_failed')
        order by registered_at desc, item_number desc limit $2
        """,
        office,
        limit,
    )
    return [Expected(**{**dict(record), "state": CustomerState(record["state"])}) for record in records]


def _on_shelf(item_number: str, state: str, kept: dict[str, object], postage: object) -> OnShelf:
    person = Person.of_kept(kept)
    return OnShelf(
        item_number, CustomerState(state), person.name, person.phone[-PHONE_END:], due_of(read_postage(postage))
    )
