"""Column inbound_item.terms: the words by which the addressees of items from abroad are found."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Named:
    """The addressee of one item; once forgotten, nobody."""

    item_number: str
    name: str
    phone: str | None


async def lock_new(tx: Tx, limit: int) -> list[Named]:
    """Return the longest waiting items whose words are still to be written, locked; skips what others hold."""
    records = await tx.fetch(
        """
        select item_number, addressee ->> 'name' as name, addressee ->> 'phone' as phone from inbound_item
        where terms is null or (erased_at is not null and terms <> '{}')
        order by received_at limit $1 for update skip locked
        """,
        limit,
    )
    return [Named(**dict(record)) for record in records]


async def keep(tx: Tx, terms: Mapping[str, Collection[str]]) -> None:
    """Keep the words of items, by item number."""
    await tx.executemany(
        "update inbound_item set terms = $2 where item_number = $1",
        [(item_number, sorted(words)) for item_number, words in terms.items()],
    )
