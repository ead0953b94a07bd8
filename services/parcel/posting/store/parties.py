"""Who sent to whom, from the parcels of an office."""

from dataclasses import dataclass
from datetime import datetime

from services.parcel.posting.domain.person import Person
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Parties:
    """Both people of one parcel."""

    item_number: str
    registered_at: datetime
    destination_country: str
    sender: Person
    recipient: Person


async def of_phone(tx: Tx, phone: str, office: str | None, limit: int) -> list[Parties]:
    """Return the people of the newest parcels that a phone stands on, of one office or of all for None."""
    records = await tx.fetch(
        """
        select item_number, registered_at, destination_country, sender, recipient from (
            (select * from parcel where sender_phone = $1
                and ($2::text is null or $2 in (office, collecting_office, holding_office))
             order by registered_at desc limit $3)
            union
            (select * from parcel where recipient_phone = $1
                and ($2::text is null or $2 in (office, collecting_office, holding_office))
             order by registered_at desc limit $3)
        ) as found order by registered_at desc, item_number desc limit $3
        """,
        phone,
        office,
        limit,
    )
    return [
        Parties(
            record["item_number"],
            record["registered_at"],
            record["destination_country"],
            Person.of_kept(record["sender"]),
            Person.of_kept(record["recipient"]),
        )
        for record in records
    ]
