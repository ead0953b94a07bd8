"""Table address_entry: the people a shop sends to."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.parcel.people.domain.address_book import Entry
from shared.db.connection import Tx


async def keep(tx: Tx, entry: Entry, now: datetime) -> UUID:
    """Keep a person in place of the one of the same phone; returns the entry's id."""
    entry_id: UUID = await tx.fetchval(
        """
        insert into address_entry (entry_id, trader_id, person, phone, country, kept_at) values ($1, $2, $3, $4, $5, $6)
        on conflict (trader_id, phone) do update set person = excluded.person, country = excluded.country,
            kept_at = excluded.kept_at
        returning entry_id
        """,
        entry.entry_id,
        entry.trader_id,
        {
            "name": entry.name,
            "language": entry.language,
            "address": entry.address,
            "postal_code": entry.postal_code,
            "place": entry.place,
            "city": entry.city,
            "region": entry.region,
        },
        entry.phone,
        entry.country,
        now,
    )
    return entry_id


async def of_trader(
    tx: Tx, trader_id: UUID, phone: str | None, after: tuple[datetime, UUID] | None, limit: int
) -> list[Entry]:
    """Return whom a shop sends to, the one of a phone or those kept last first; those after a time and id."""
    records = await tx.fetch(
        """
        select entry_id, trader_id, person, phone, country, kept_at from address_entry
        where trader_id = $1 and ($2::text is null or phone = $2)
          and ($3::timestamptz is null or (kept_at, entry_id) < ($3, $4::uuid))
        order by kept_at desc, entry_id desc limit $5
        """,
        trader_id,
        phone,
        *(after or (None, None)),
        limit,
    )
    return [_entry(record) for record in records]


async def forget(tx: Tx, trader_id: UUID, entry_id: UUID) -> bool:
    """Forget a person; returns False if the shop has no such entry."""
    status = await tx.execute("delete from address_entry where trader_id = $1 and entry_id = $2", trader_id, entry_id)
    return str(status) == "DELETE 1"


async def erase(tx: Tx, closed_before: datetime, limit: int) -> int:
    """Forget whom shops sent to that closed before some time; returns how many people."""
    status = await tx.execute(
        """
        delete from address_entry where entry_id in (
            select entry_id from address_entry join trader using (trader_id) where trader.disabled_at < $1 limit $2
        )
        """,
        closed_before,
        limit,
    )
    return int(str(status).rpartition(" ")[2])


def _entry(record: asyncpg.Record) -> Entry:
    person: dict[str, Any] = record["person"]
    return Entry(
        entry_id=record["entry_id"],
        trader_id=record["trader_id"],
        name=person["name"],
        phone=record["phone"],
        language=person["language"],
        country=record["country"],
        address=tuple(person["address"]),
        postal_code=person["postal_code"],
        place=person.get("place"),
        city=person.get("city"),
        region=person.get("region"),
        kept_at=record["kept_at"],
    )
