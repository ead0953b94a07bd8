"""Stand-ins for the statements of the parcel service."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from services.parcel.idempotency.store.requests import Kept
from services.parcel.posting.domain.parcel import Parcel
from services.parcel.posting.domain.person import Person
from services.parcel.posting.store.parcels import Movement
from services.parcel.posting.store.registrations import Registration
from shared.contracts.states import CustomerState
from tests.model.messaging_tables import add_to_outbox
from tests.model.server import Transaction, statement

TWIN_WITHIN_S = 2.0


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
            moved = {"journey_no": 1, "version": 0}
            await tx.insert("parcel", number, {"parcel": one.parcel, "moved": moved, "body_sha256": one.body_sha256})
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
    return await _change(tx, item_number, recipient=recipient)


@statement
async def cancel(tx: Transaction, item_number: str, now: datetime) -> int:
    return await _change(tx, item_number, cancelled_at=now, state=CustomerState.CANCELLED)


async def _change(tx: Transaction, item_number: str, **values: Any) -> int:
    await tx.lock("parcel", item_number)
    row = tx.get("parcel", item_number)
    assert row is not None
    parcel: Parcel = row["parcel"]
    changed = replace(parcel, version=parcel.version + 1, **values)
    tx.put("parcel", item_number, {**row, "parcel": changed})
    return changed.version


@statement
async def follow(tx: Transaction, movements: Sequence[Movement]) -> None:
    for moved in movements:
        if tx.get("parcel", moved.item_number) is not None:
            await tx.lock("parcel", moved.item_number)
            row = tx.get("parcel", moved.item_number)
            assert row is not None
            if _is_news(row, moved):
                tx.put("parcel", moved.item_number, _followed(row, moved))


def _is_news(row: dict[str, Any], moved: Movement) -> bool:
    before = row["moved"]
    newer = (before["journey_no"], before["version"]) < (moved.journey_no, moved.version)
    return newer and not (row["parcel"].cancelled_at and moved.state is CustomerState.ACCEPTED)


def _followed(row: dict[str, Any], moved: Movement) -> dict[str, Any]:
    stays = moved.state in (CustomerState.ACCEPTED, CustomerState.CANCELLED)
    parcel = replace(
        row["parcel"],
        state=moved.state,
        holding_office=moved.office,
        cancelled_at=row["parcel"].cancelled_at if stays else None,
    )
    return {**row, "parcel": parcel, "moved": {"journey_no": moved.journey_no, "version": moved.version}}
