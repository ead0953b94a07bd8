"""Table parcel_search: the words by which parcels are found."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Named:
    """The names and phones on one parcel."""

    item_number: str
    names: tuple[str, str]
    phones: tuple[str, str]


async def lock_new(tx: Tx, limit: int) -> list[Named]:
    """Return the longest waiting parcels that nobody finds yet, locked; skips what others hold."""
    records = await tx.fetch(
        """
        select item_number, sender, recipient from parcel where not in_search
        order by registered_at limit $1 for update skip locked
        """,
        limit,
    )
    return [
        Named(
            record["item_number"],
            (record["sender"]["name"], record["recipient"]["name"]),
            (record["sender"]["phone"], record["recipient"]["phone"]),
        )
        for record in records
    ]


async def keep(tx: Tx, item_numbers: Sequence[str], terms: Sequence[Collection[str]]) -> None:
    """Keep the words of parcels, one collection for each."""
    await tx.executemany(
        """
        insert into parcel_search (item_number, terms) values ($1, $2)
        on conflict (item_number) do update set terms = excluded.terms
        """,
        [(number, sorted(words)) for number, words in zip(item_numbers, terms, strict=True)],
    )
    await tx.execute("update parcel set in_search = true where item_number = any($1::text[])", item_numbers)


async def forget(tx: Tx, item_numbers: Sequence[str]) -> None:
    """Forget the words of parcels."""
    await tx.execute("delete from parcel_search where item_number = any($1::text[])", item_numbers)


async def find(
    tx: Tx,
    exact: Collection[str],
    alike: Collection[str],
    phone_ending: str | None,
    office: str | None,
    trader: str | None,
    limit: int,
) -> list[str]:
    """Return the numbers of parcels that hold all words of one kind, those that fit exactly first, then the newest.

    Where a phone is asked for it stands on each, for its last digits alone are among the words.
    """
    records = await tx.fetch(
        """
        select found.item_number from parcel_search as found join parcel on parcel.item_number = found.item_number
        where (found.terms @> $1::text[] or found.terms @> $2::text[])
          and ($3::text is null or $3 in (parcel.office, parcel.collecting_office, parcel.holding_office))
          and ($4::uuid is null or parcel.trader_id = $4)
          and ($5::text is null or parcel.sender_phone like '%' || $5 or parcel.recipient_phone like '%' || $5)
        order by found.terms @> $1::text[] desc, parcel.registered_at desc, found.item_number desc limit $6
        """,
        sorted(exact),
        sorted(alike),
        office,
        trader,
        phone_ending,
        limit,
    )
    return [record["item_number"] for record in records]
