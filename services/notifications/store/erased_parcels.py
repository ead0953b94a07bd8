"""Table erased_parcel: whose contacts are not taken any more."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from shared.db.connection import Tx

Versions = Mapping[str, int | None]
"""Up to which version the people of parcels were forgotten, by item number; None: at whatever version."""


async def keep(tx: Tx, versions: Mapping[str, int]) -> None:
    """Note that the people on parcels were forgotten, and at which version; the highest counts."""
    await tx.execute(
        """
        insert into erased_parcel (item_number, version, erased_at)
        select item_number, version, now() from unnest($1::text[], $2::integer[]) as erased (item_number, version)
        order by item_number
        on conflict (item_number) do update set version = excluded.version, erased_at = excluded.erased_at
        where coalesce(erased_parcel.version, 0) < excluded.version
        """,
        list(versions.keys()),
        list(versions.values()),
    )


async def among(tx: Tx, item_numbers: Sequence[str]) -> Versions:
    """Return up to which version the people of some parcels were forgotten; those of the others are not there."""
    records = await tx.fetch(
        "select item_number, version from erased_parcel where item_number = any($1::text[])", item_numbers
    )
    return {record["item_number"]: record["version"] for record in records}


async def drop_older(tx: Tx, age: timedelta) -> None:
    """Drop what was erased so long ago that nobody tells of it again."""
    await tx.execute("delete from erased_parcel where erased_at < now() - $1::interval", age)
