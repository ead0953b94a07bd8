"""Table parcel: where a parcel will wait for its recipient, or that it is brought to the door."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Parcel:
    """What messages need to know of a parcel, at one version of it."""

    item_number: str
    collecting_office: str | None
    version: int
    door_delivery: bool = False


async def save(tx: Tx, parcels: Sequence[Parcel]) -> None:
    """Insert or replace; what is not newer than the row changes nothing. One row a key, locked in key order."""
    await tx.execute(
        """
        insert into parcel (item_number, collecting_office, version, door_delivery)
        select item_number, collecting_office, version, door_delivery
        from unnest($1::text[], $2::text[], $3::integer[], $4::boolean[])
            as newer (item_number, collecting_office, version, door_delivery)
        order by item_number
        on conflict (item_number) do update
        set collecting_office = excluded.collecting_office, version = excluded.version,
            door_delivery = excluded.door_delivery
        where parcel.version < excluded.version
        """,
        [parcel.item_number for parcel in parcels],
        [parcel.collecting_office for parcel in parcels],
        [parcel.version for parcel in parcels],
        [parcel.door_delivery for parcel in parcels],
    )
