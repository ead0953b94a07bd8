"""Stand-ins for the statements of the parcel service."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.parcel.idempotency.store.requests import Kept
from services.parcel.posting.domain.parcel import ENDED, Parcel
from services.parcel.posting.domain.person import Person
from services.parcel.posting.store.parcels import NOBODY, Erased, Movement
from services.parcel.posting.store.registrations import Registration
from services.parcel.posting.store.search import Named
from shared.contracts.states import CustomerState
from tests.model.messaging_tables import add_to_outbox
from tests.model.server import Row, Transaction, statement

TWIN_WITHIN_S = 2.0
NEW = {"moved": {"journey_no": 1, "version": 0}, "ended_at": None, "erased_at": None, "in_search": False}


@statement
async def insert(tx: Transaction, registrations: Sequence[Registration]) -> set[str]:
    """Insert those whose key is new: keys in their order, and all that goes with them."""
    new = set()
    for one in sorted(registrations, key=lambda registration: (registration.caller, registration.key)):
        number = one.parcel.item_number
        kept = {"body_sha256": one.body_sha256, "answer": one.answer, "item_number": number}
        if await tx.insert("request", (one.caller, one.key), kept, TWIN_WITHIN_S):
            new.add(number)
    for one in registrations:
        number = one.parcel.item_number
        if number in new:
            await tx.insert("parcel", number, {**NEW, "parcel": one.parcel, "body_sha256": one.body_sha256})
            add_to_outbox(tx, one.events)
    return new


@statement
async def find_request(tx: Transaction, caller: str, key: str) -> Kept | None:
    row = tx.get("request", (caller, key))
    return Kept(row["body_sha256"], row["answer"]) if row else None


@statement
async def find(tx: Transaction, item_number: str) -> Parcel | None:
    row = tx.get("parcel", item_number)
    return row["parcel"] if row else None


@statement
async def lock(tx: Transaction, item_number: str) -> Parcel | None:
    """Stand for two statements, of which the second finds what the first has waited for."""
    if tx.get("parcel", item_number) is None:
        return None
    await tx.lock("parcel", item_number)
    row = tx.get("parcel", item_number)
    return row["parcel"] if row else None


@statement
async def change_recipient(tx: Transaction, item_number: str, recipient: Person) -> int:
    return await _change(tx, item_number, {"in_search": False}, recipient=recipient)


@statement
async def cancel(tx: Transaction, item_number: str, now: datetime) -> int:
    return await _change(tx, item_number, {"ended_at": now}, cancelled_at=now, state=CustomerState.CANCELLED)


async def _change(tx: Transaction, item_number: str, beside: Row, **values: Any) -> int:
    await tx.lock("parcel", item_number)
    row = tx.get("parcel", item_number)
    assert row is not None
    parcel: Parcel = row["parcel"]
    changed = replace(parcel, version=parcel.version + 1, **values)
    tx.put("parcel", item_number, {**row, **beside, "parcel": changed})
    return changed.version


@statement
async def follow(tx: Transaction, movements: Sequence[Movement]) -> None:
    news = [one for one in movements if (row := tx.get("parcel", one.item_number)) and _is_news(row, one)]
    for moved in news:
        await tx.lock("parcel", moved.item_number)
        row = tx.get("parcel", moved.item_number)
        if row and _is_news(row, moved):
            tx.put("parcel", moved.item_number, _followed(row, moved, tx.now()))


@statement
async def after(tx: Transaction, item_number: str, limit: int) -> list[Parcel]:
    there = sorted(key for key, row in tx.rows("parcel") if key > item_number and not row["erased_at"])
    found: list[Parcel] = []
    for number in there:
        if len(found) < limit:
            await tx.lock("parcel", number)
            row = tx.get("parcel", number)
            found += [row["parcel"]] if row and not row["erased_at"] else []
    return found


@statement
async def erase_people(
    tx: Transaction, ended_before: datetime, silent_before: datetime, now: datetime, limit: int
) -> list[Erased]:
    """Erase those that ended; none of the model goes abroad, so silence is the end of none."""
    assert silent_before < ended_before
    finished = sorted((row["ended_at"], number) for number, row in tx.rows("parcel") if _is_over(row, ended_before))
    erased: list[Erased] = []
    for _, number in finished:
        if len(erased) < limit and not tx.is_held_by_another("parcel", number):
            beside = {"erased_at": now, "in_search": True}
            nobody: dict[str, Any] = {"sender": NOBODY, "recipient": NOBODY, "order_reference": None, "link_secret": ""}
            nobody["erased_at"] = now
            erased.append(Erased(number, await _change(tx, number, beside, **nobody)))
    return erased


@statement
async def follow_inbound_items(tx: Transaction, movements: Sequence[object]) -> None:
    """Do nothing: no item of the model comes from abroad."""


@statement
async def note_read(tx: Transaction, actor: object, what: str, item_numbers: object, subjects: object) -> None:
    """Do nothing: nobody in the model asks who read of whom."""


@statement
async def erase_declarations(tx: Transaction, item_numbers: Sequence[str], now: datetime) -> None:
    """Do nothing: no parcel of the model goes abroad."""


def _is_over(row: Row, ended_before: datetime) -> bool:
    return row["erased_at"] is None and row["ended_at"] is not None and row["ended_at"] < ended_before


@statement
async def lock_new(tx: Transaction, limit: int) -> list[Named]:
    new = sorted((row["parcel"].registered_at, number) for number, row in tx.rows("parcel") if not row["in_search"])
    named: list[Named] = []
    for _, number in new:
        if len(named) < limit and not tx.is_held_by_another("parcel", number):
            await tx.lock("parcel", number)
            parcel = (tx.get("parcel", number) or {})["parcel"]
            people = (parcel.sender, parcel.recipient)
            named.append(Named(number, (people[0].name, people[1].name), (people[0].phone, people[1].phone)))
    return named


@statement
async def keep(tx: Transaction, item_numbers: Sequence[str], terms: Sequence[Collection[str]]) -> None:
    """Stand for two statements; who calls them holds the parcels."""
    for number, words in zip(item_numbers, terms, strict=True):
        await tx.lock("parcel_search", number)
        tx.put("parcel_search", number, {"terms": sorted(words)})
        await tx.lock("parcel", number)
        tx.put("parcel", number, {**(tx.get("parcel", number) or {}), "in_search": True})


@statement
async def forget(tx: Transaction, item_numbers: Sequence[str]) -> None:
    await tx.delete("parcel_search", item_numbers)


def _is_news(row: Row, moved: Movement) -> bool:
    before = row["moved"]
    newer = (before["journey_no"], before["version"]) < (moved.journey_no, moved.version)
    return newer and not (row["parcel"].cancelled_at and moved.state is CustomerState.ACCEPTED)


def _followed(row: Row, moved: Movement, now: datetime) -> Row:
    stays = moved.state in (CustomerState.ACCEPTED, CustomerState.CANCELLED)
    parcel = replace(
        row["parcel"],
        state=moved.state,
        holding_office=moved.office,
        cancelled_at=row["parcel"].cancelled_at if stays else None,
    )
    return {
        **row,
        "parcel": parcel,
        "moved": {"journey_no": moved.journey_no, "version": moved.version},
        "ended_at": row["ended_at"] or now if moved.state in ENDED else None,
    }
