"""Table inbound_item."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import asyncpg

from services.parcel.customs.domain.inbound import (
    ENDED,
    NOBODY,
    Addressee,
    Charges,
    Fee,
    InboundItem,
    PapersState,
    Payment,
    Source,
    WithdrawalReason,
)
from services.parcel.customs.domain.itmatt import AdvanceData
from services.parcel.customs.store.past_inbound_items import Past
from shared.contracts.states import CustomerState
from shared.db.connection import Tx

FIRST = Past()


async def add(tx: Tx, item: InboundItem, past: Past = FIRST) -> bool:
    """Add an item, after the one that had its number before; False if its number is there already."""
    status = await tx.execute(
        """
        insert into inbound_item (item_number, origin_country, sender_name, addressee, content, source, taking_office,
            collecting_office, link_secret, received_at, taken_by, news_at, version, moved_journey_no, moved_version,
            addressee_by_hand, content_by_hand, told_office, holding_office, state, moved_office, ended_at,
            told_collecting_office)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10, $12, $13, $14, $15, $16, $17, $18, $19, $18, $20,
            $21)
        on conflict (item_number) do nothing
        """,
        item.item_number,
        item.origin_country,
        item.sender_name,
        item.addressee.kept(),
        _dumped(item.content),
        item.source,
        item.taking_office,
        item.collecting_office,
        item.link_secret,
        item.received_at,
        item.taken_by,
        item.version,
        past.moved_journey_no,
        past.moved_version,
        item.addressee_by_hand,
        item.content_by_hand,
        item.told_office,
        item.holding_office,
        item.state,
        past.ended_at,
        item.told_collecting_office,
    )
    return str(status) == "INSERT 0 1"


async def find(tx: Tx, item_number: str) -> InboundItem | None:
    """Return one item."""
    record = await tx.fetchrow(
        """
        select item_number, sender_name, addressee, content, duty_minor, fees, currency, payment, taking_office,
            collecting_office, holding_office, papers, papers_wanted, source, link_secret, received_at, taken_by,
            state, version, addressee_by_hand, withdrawn_for, content_by_hand, told_office,
            told_collecting_office
        from inbound_item where item_number = $1
        """,
        item_number,
    )
    return _item(record) if record else None


async def lock(tx: Tx, item_number: str) -> InboundItem | None:
    """Return one item and keep others from changing it until the transaction ends; None for one that was erased."""
    locked = await tx.execute(
        "select from inbound_item where item_number = $1 and erased_at is null for update", item_number
    )
    return await find(tx, item_number) if str(locked) == "SELECT 1" else None


async def after(tx: Tx, item_number: str, limit: int, *, withdrawn: bool = False) -> list[InboundItem]:
    """Return items in the order of their numbers, locked, for a walk over all of them; withdrawn ones if asked for."""
    records = await tx.fetch(
        """
        select item_number, sender_name, addressee, content, duty_minor, fees, currency, payment, taking_office,
            collecting_office, holding_office, papers, papers_wanted, source, link_secret, received_at, taken_by,
            state, version, addressee_by_hand, withdrawn_for, content_by_hand, told_office,
            told_collecting_office
        from inbound_item where item_number > $1 and (erased_at is null or ($3 and withdrawn_at is not null))
        order by item_number limit $2 for update
        """,
        item_number,
        limit,
        withdrawn,
    )
    return [_item(record) for record in records]


async def of_numbers(tx: Tx, item_numbers: Sequence[str]) -> list[InboundItem]:
    """Return those items that are there, in the order of the numbers."""
    records = await tx.fetch(
        """
        select item_number, sender_name, addressee, content, duty_minor, fees, currency, payment, taking_office,
            collecting_office, holding_office, papers, papers_wanted, source, link_secret, received_at, taken_by,
            state, version, addressee_by_hand, withdrawn_for, content_by_hand, told_office,
            told_collecting_office
        from inbound_item where item_number = any($1::text[]) order by array_position($1::text[], item_number)
        """,
        item_numbers,
    )
    return [_item(record) for record in records]


async def change(tx: Tx, item: InboundItem) -> InboundItem:
    """Write an item as it is now; returns it with its new version. The caller holds its lock."""
    await tx.execute(
        """
        update inbound_item set sender_name = $2, addressee = $3, content = $4, duty_minor = $5, fees = $6,
            currency = $7, payment = $8, collecting_office = $9, holding_office = $10, papers = $11,
            papers_wanted = $12, taking_office = $13, taken_by = $14, news_at = now(), version = version + 1,
            terms = case when addressee = $3 then terms end, addressee_by_hand = $15,
            content_by_hand = $16, told_office = $17, told_collecting_office = $18
        where item_number = $1
        """,
        item.item_number,
        item.sender_name,
        item.addressee.kept(),
        _dumped(item.content),
        item.charges.duty_minor if item.charges else None,
        item.charges.fees if item.charges else None,
        item.charges.currency if item.charges else None,
        item.payment,
        item.collecting_office,
        item.holding_office,
        item.papers,
        item.papers_wanted,
        item.taking_office,
        item.taken_by,
        item.addressee_by_hand,
        item.content_by_hand,
        item.told_office,
        item.told_collecting_office,
    )
    changed = await find(tx, item.item_number)
    assert changed is not None
    return changed


@dataclass(frozen=True, slots=True)
class InboundMovement:
    """What tracking says of an item from abroad."""

    item_number: str
    journey_no: int
    version: int
    state: CustomerState
    office: str | None = None
    """Where it is; None if the news is of no office."""


async def follow(tx: Tx, movements: Sequence[InboundMovement]) -> None:
    """Note where items are, which came to their end, and which go on after all; older news is passed over."""
    await tx.execute(
        """
        update inbound_item set moved_journey_no = moved.journey_no, moved_version = moved.version, news_at = now(),
            holding_office = coalesce(moved.office, inbound_item.holding_office), state = moved.state,
            moved_office = coalesce(moved.office, inbound_item.moved_office),
            ended_at = case when moved.state = any($5::text[]) then coalesce(inbound_item.ended_at, now()) end
        from unnest($1::text[], $2::integer[], $3::integer[], $4::text[], $6::text[])
            as moved (item_number, journey_no, version, state, office)
        where inbound_item.item_number = moved.item_number
          and (inbound_item.moved_journey_no, inbound_item.moved_version) < (moved.journey_no, moved.version)
        """,
        [movement.item_number for movement in movements],
        [movement.journey_no for movement in movements],
        [movement.version for movement in movements],
        [movement.state.value for movement in movements],
        [state.value for state in ENDED],
        [movement.office for movement in movements],
    )


@dataclass(frozen=True, slots=True)
class ErasedItem:
    """An item whose people were forgotten, at its new version."""

    item_number: str
    version: int


async def erase_people(
    tx: Tx, ended_before: datetime, silent_before: datetime, now: datetime, limit: int
) -> list[ErasedItem]:
    """Forget people and content of items that ended, or were last heard of, before a time; skips what others hold."""
    records = await tx.fetch(
        """
        with finished as (
            select item_number from inbound_item where coalesce(ended_at, news_at) < $1 and erased_at is null
                and (ended_at is not null or news_at < $5)
            order by coalesce(ended_at, news_at) limit $3 for update skip locked
        )
        update inbound_item set sender_name = '', addressee = $4, content = null, papers = null, papers_wanted = null,
            link_secret = '', terms = '{}', erased_at = $2, version = version + 1
        from finished where inbound_item.item_number = finished.item_number
        returning inbound_item.item_number, inbound_item.version
        """,
        ended_before,
        now,
        limit,
        NOBODY.kept(),
        silent_before,
    )
    return [ErasedItem(record["item_number"], record["version"]) for record in records]


async def withdraw(tx: Tx, item_number: str, reason: WithdrawalReason, actor: str, now: datetime) -> ErasedItem:
    """Forget people and content of one item and leave its number to another; the caller holds its lock."""
    version: int = await tx.fetchval(
        """
        update inbound_item set sender_name = '', addressee = $2, content = null, papers = null, papers_wanted = null,
            link_secret = '', terms = '{}', erased_at = $5, withdrawn_at = $5, withdrawn_for = $3, withdrawn_by = $4,
            version = version + 1
        where item_number = $1 returning version
        """,
        item_number,
        NOBODY.kept(),
        reason,
        actor,
        now,
    )
    return ErasedItem(item_number, version)


def _dumped(content: AdvanceData | None) -> dict[str, Any] | None:
    return content.model_dump(mode="json", exclude_none=True) if content else None


def _item(record: asyncpg.Record) -> InboundItem:
    values = dict(record)
    duty_minor, fees, currency = values.pop("duty_minor"), values.pop("fees"), values.pop("currency")
    return InboundItem(
        **{
            **values,
            "addressee": Addressee.of_kept(values["addressee"]),
            "content": AdvanceData.model_validate(values["content"]) if values["content"] else None,
            "charges": Charges(duty_minor, tuple(Fee(**fee) for fee in fees), currency) if currency else None,
            "payment": Payment(values["payment"]) if values["payment"] else None,
            "papers": PapersState(values["papers"]) if values["papers"] else None,
            "source": Source(values["source"]),
            "state": CustomerState(values["state"]) if values["state"] else None,
            "withdrawn_for": WithdrawalReason(values["withdrawn_for"]) if values["withdrawn_for"] else None,
        }
    )
