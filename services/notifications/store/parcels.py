"""Table parcel: where a parcel will wait for its recipient."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Parcel:
    """What messages need to know of a parcel, at one version of it."""

    item_number: str
    collecting_office: str | None
    version: int


async def save(tx: Tx, parcels: Sequence[Parcel]) -> None:
    """Insert or replace; what is not newer than the row changes nothing. One row a key, locked in key order."""
    await tx.execute(
        """
        insert into parcel (item_number, collecting_office, version)
        select item_number, collecting_office, version
        from unnest($1::text[], $2::text[], $3::integer[]) as newer (item_number, collecting_office, version)
        order by item_number
        on conflict (item_number) do update
        set collecting_office = excluded.collecting_office, version = excluded.version
        where parcel.version < excluded.version
        """,
        [parcel.item_number for parcel in parcels],
        [parcel.collecting_office for parcel in parcels],
        [parcel.version for parcel in parcels],
    )
