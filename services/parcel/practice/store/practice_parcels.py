"""Table practice_parcel."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from services.parcel.posting.domain.non_delivery import IfUndeliverable
from services.parcel.posting.domain.parcel import Parcel
from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.postage import read_postage
from services.parcel.practice.domain.practice_parcel import PracticeParcel
from shared.contracts.states import CustomerState
from shared.db.connection import Tx

SIDES = ("sender", "recipient")


async def add(tx: Tx, one: PracticeParcel) -> bool:
    """Insert a practice parcel; False if its number is there already."""
    people = {"sender": one.parcel.sender.kept(), "recipient": one.parcel.recipient.kept()}
    parcel = asdict(one.parcel) | people | {"registered_at": one.parcel.registered_at.isoformat()}
    status = await tx.execute(
        """
        insert into practice_parcel (item_number, trader_id, parcel, walk, steps, made_at)
        values ($1, $2, $3, $4, $5, $6) on conflict (item_number) do nothing
        """,
        one.parcel.item_number,
        one.trader_id,
        parcel,
        one.walk,
        one.steps,
        one.made_at,
    )
    return str(status) == "INSERT 0 1"


async def of_trader(tx: Tx, trader_id: UUID, after: tuple[datetime, str] | None, limit: int) -> list[PracticeParcel]:
    """Return the practice parcels of a shop, newest first; those after a time and number."""
    records = await tx.fetch(
        """
        select trader_id, parcel, walk, steps, made_at from practice_parcel
        where trader_id = $1 and ($2::timestamptz is null or (made_at, item_number) < ($2, $3::text))
        order by made_at desc, item_number desc limit $4
        """,
        trader_id,
        *(after or (None, None)),
        limit,
    )
    return [_practice_parcel(record) for record in records]


async def find(tx: Tx, trader_id: UUID, item_number: str) -> PracticeParcel | None:
    """Return a practice parcel of a shop."""
    record = await tx.fetchrow(
        """
        select trader_id, parcel, walk, steps, made_at from practice_parcel
        where trader_id = $1 and item_number = $2
        """,
        trader_id,
        item_number,
    )
    return _practice_parcel(record) if record else None


async def step(tx: Tx, trader_id: UUID, item_number: str) -> PracticeParcel | None:
    """Let a practice parcel go one step; returns it, None if the shop has none of this number."""
    record = await tx.fetchrow(
        """
        update practice_parcel set steps = steps + 1 where trader_id = $1 and item_number = $2
        returning trader_id, parcel, walk, steps, made_at
        """,
        trader_id,
        item_number,
    )
    return _practice_parcel(record) if record else None


async def erase(tx: Tx, made_before: datetime, limit: int) -> int:
    """Delete the practice parcels that were made longest ago; returns how many. Skips what others hold."""
    status = await tx.execute(
        """
        with old as (
            select item_number from practice_parcel where made_at < $1 order by made_at limit $2 for update skip locked
        )
        delete from practice_parcel using old where practice_parcel.item_number = old.item_number
        """,
        made_before,
        limit,
    )
    return int(str(status).removeprefix("DELETE "))


def _practice_parcel(record: asyncpg.Record) -> PracticeParcel:
    stored: dict[str, Any] = record["parcel"]
    people = {side: Person.of_kept(stored[side]) for side in SIDES}
    read = {
        "registered_at": record["made_at"],
        "state": CustomerState(stored["state"]),
        "postage": read_postage(stored.get("postage")),
        "if_undeliverable": IfUndeliverable(stored.get("if_undeliverable", IfUndeliverable.RETURN)),
    }
    parcel = Parcel(**stored | people | read)
    return PracticeParcel(record["trader_id"], parcel, record["walk"], record["steps"], record["made_at"])
