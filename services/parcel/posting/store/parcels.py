"""Table parcel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg

from services.parcel.posting.domain.non_delivery import IfUndeliverable
from services.parcel.posting.domain.parcel import ENDED, Parcel
from services.parcel.posting.domain.person import Person
from services.parcel.posting.domain.postage import read_postage
from shared.contracts.states import CustomerState
from shared.db.connection import Tx

NOBODY = Person("", "", "km")


async def find(tx: Tx, item_number: str) -> Parcel | None:
    """Return one parcel."""
    record = await tx.fetchrow(
        """
        select item_number, office, service, destination_country, collecting_office, weight_g, length_mm, width_mm,
            height_mm, sender, recipient, order_reference, link_secret, registered_by, registered_at, version, state,
            cancelled_at, holding_office, trader_id::text as trader, postage, erased_at,
            fits_limits, if_undeliverable, redirect_to
        from parcel where item_number = $1
        """,
        item_number,
    )
    return _parcel(record) if record else None


async def lock(tx: Tx, item_number: str) -> Parcel | None:
    """Return one parcel and keep others from changing it until the transaction ends."""
    await tx.execute("select from parcel where item_number = $1 for update", item_number)
    return await find(tx, item_number)


async def of_numbers(tx: Tx, item_numbers: Sequence[str]) -> list[Parcel]:
    """Return parcels, newest first."""
    records = await tx.fetch(
        """
        select item_number, office, service, destination_country, collecting_office, weight_g, length_mm, width_mm,
            height_mm, sender, recipient, order_reference, link_secret, registered_by, registered_at, version, state,
            cancelled_at, holding_office, trader_id::text as trader, postage, erased_at,
            fits_limits, if_undeliverable, redirect_to
        from parcel where item_number = any($1::text[]) order by registered_at desc, item_number desc
        """,
        item_numbers,
    )
    return [_parcel(record) for record in records]


async def count_between(tx: Tx, firsts: Sequence[str], lasts: Sequence[str]) -> int:
    """Count the parcels whose numbers lie between each first and its last one, both among them."""
    count: int = await tx.fetchval(
        """
        select count(*) from unnest($1::text[], $2::text[]) as span (first, last)
        join parcel on parcel.item_number between span.first and span.last
        """,
        firsts,
        lasts,
    )
    return count


async def change_recipient(tx: Tx, item_number: str, recipient: Person) -> int:
    """Replace the recipient; returns the parcel's new version."""
    version: int = await tx.fetchval(
        """
        update parcel set recipient = $2, recipient_phone = $3, version = version + 1, in_search = false
        where item_number = $1 returning version
        """,
        item_number,
        recipient.kept(),
        recipient.phone,
    )
    return version


async def cancel(tx: Tx, item_number: str, now: datetime) -> int:
    """Mark a parcel as cancelled; returns its new version."""
    version: int = await tx.fetchval(
        """
        update parcel set cancelled_at = $2, ended_at = $2, state = 'cancelled', version = version + 1
        where item_number = $1 returning version
        """,
        item_number,
        now,
    )
    return version


@dataclass(frozen=True, slots=True)
class Movement:
    """What tracking says of a parcel of ours."""

    item_number: str
    journey_no: int
    version: int
    state: CustomerState
    office: str | None
    last_office: str | None = None
    """The last one that the news named of which this is the latest."""


async def last_office(tx: Tx, item_number: str) -> str | None:
    """Return the last office that news of a parcel named."""
    office: str | None = await tx.fetchval("select last_office from parcel where item_number = $1", item_number)
    return office


async def follow(tx: Tx, movements: Sequence[Movement]) -> None:
    """Take states over; older news, and the acceptance of a parcel cancelled since, is passed over.

    A parcel that moved all the same was not taken back: its cancellation is undone.
    """
    await tx.execute(
        """
        update parcel set state = moved.state, holding_office = moved.office, moved_journey_no = moved.journey_no,
            moved_version = moved.version, news_at = now(),
            last_office = coalesce(moved.last_office, parcel.last_office),
            cancelled_at = case when moved.state in ('accepted', 'cancelled') then parcel.cancelled_at end,
            ended_at = case when moved.state = any($6::text[]) then coalesce(parcel.ended_at, now()) end
        from unnest($1::text[], $2::integer[], $3::integer[], $4::text[], $5::text[], $7::text[])
            as moved (item_number, journey_no, version, state, office, last_office)
        where parcel.item_number = moved.item_number
          and (parcel.moved_journey_no, parcel.moved_version) < (moved.journey_no, moved.version)
          and not (parcel.cancelled_at is not null and moved.state = 'accepted')
        """,
        [movement.item_number for movement in movements],
        [movement.journey_no for movement in movements],
        [movement.version for movement in movements],
        [movement.state.value for movement in movements],
        [movement.office for movement in movements],
        [state.value for state in ENDED],
        [movement.last_office for movement in movements],
    )


async def after(tx: Tx, item_number: str, limit: int) -> list[Parcel]:
    """Return parcels in the order of their numbers, locked, for a walk over all of them."""
    records = await tx.fetch(
        """
        select item_number, office, service, destination_country, collecting_office, weight_g, length_mm, width_mm,
            height_mm, sender, recipient, order_reference, link_secret, registered_by, registered_at, version, state,
            cancelled_at, holding_office, trader_id::text as trader, postage, erased_at,
            fits_limits, if_undeliverable, redirect_to
        from parcel where item_number > $1 and erased_at is null order by item_number limit $2 for update
        """,
        item_number,
        limit,
    )
    return [_parcel(record) for record in records]


@dataclass(frozen=True, slots=True)
class Erased:
    """A parcel whose people were forgotten, at its new version."""

    item_number: str
    version: int


async def erase_people(
    tx: Tx, ended_before: datetime, silent_before: datetime, now: datetime, limit: int
) -> list[Erased]:
    """Forget who sent and who received the parcels that ended, or abroad fell silent, longest ago.

    Of either kind up to the limit; skips what others hold.
    """
    records = await tx.fetch(
        """
        with ended as (
            select item_number from parcel where ended_at < $1 and erased_at is null
            order by ended_at limit $3 for update skip locked
        ), silent as (
            select item_number from parcel
            where destination_country <> 'KH' and ended_at is null and erased_at is null and news_at < $5
            order by news_at limit $3 for update skip locked
        ), finished as (
            select item_number from ended union all select item_number from silent
        )
        update parcel set sender = $4, recipient = $4, sender_phone = '', recipient_phone = '', order_reference = null,
            redirect_to = null, link_secret = '', erased_at = $2, in_search = true, version = version + 1
        from finished where parcel.item_number = finished.item_number
        returning parcel.item_number, parcel.version
        """,
        ended_before,
        now,
        limit,
        NOBODY.kept(),
        silent_before,
    )
    return [Erased(record["item_number"], record["version"]) for record in records]


def _parcel(record: asyncpg.Record) -> Parcel:
    values = dict(record)
    values["sender"], values["recipient"] = Person.of_kept(values["sender"]), Person.of_kept(values["recipient"])
    values["state"] = CustomerState(values["state"])
    values["postage"] = read_postage(values["postage"])
    values["if_undeliverable"] = IfUndeliverable(values["if_undeliverable"])
    return Parcel(**values)
