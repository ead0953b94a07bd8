"""Stand-ins for the statements of the tracking service."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import asyncpg

from services.tracking.domain.scan import Scan
from services.tracking.store.journeys import Kept, Told
from shared.contracts.states import CustomerState
from tests.model.server import Transaction, statement


@statement
async def open_missing(tx: Transaction, item_numbers: Sequence[str], now: datetime) -> None:
    for number in sorted(item_numbers):
        opened = Told(1, 0, CustomerState.ANNOUNCED, frozenset(), None, registered=False)
        await tx.insert("journey", (number, 1), {"item_number": number, **_columns(opened)})


@statement
async def lock(tx: Transaction, item_numbers: Sequence[str]) -> dict[str, list[Told]]:
    """Lock the journeys that are there when it begins; one that is added while it waits is not found."""
    wanted = set(item_numbers)
    there = sorted(key for key, row in tx.rows("journey") if row["item_number"] in wanted)
    told = defaultdict(list)
    for key in there:
        await tx.lock("journey", key)
        row = tx.get("journey", key)
        assert row is not None
        told[row["item_number"]].append(Told(**{name: row[name] for name in Told.__slots__}))
    return told


@statement
async def save(tx: Transaction, kept: Sequence[Kept]) -> None:
    for one in kept:
        journey = one.journey
        key = (one.item_number, journey.journey_no)
        await tx.lock("journey", key)
        before = tx.get("journey", key)
        states_told = (before["states_told"] if before else frozenset()) | {journey.state}
        told = Told(
            journey_no=journey.journey_no,
            version=one.version,
            state=journey.state,
            states_told=states_told,
            last_scan_id=journey.last.scan_id,
            registered=journey.posting is not None,
        )
        tx.put("journey", key, {"item_number": one.item_number, **_columns(told)})


def _columns(told: Told) -> dict[str, Any]:
    return {name: getattr(told, name) for name in Told.__slots__}


@statement
async def add(tx: Transaction, scans: Sequence[Scan]) -> None:
    for scan in scans:
        if not await tx.insert("scan", (scan.item_number, scan.scan_id), {"scan": scan}):
            raise asyncpg.UniqueViolationError


@statement
async def of_numbers(tx: Transaction, item_numbers: Sequence[str]) -> dict[str, list[Scan]]:
    wanted, found = set(item_numbers), defaultdict(list)
    for _, row in tx.rows("scan"):
        if row["scan"].item_number in wanted:
            found[row["scan"].item_number].append(row["scan"])
    return found
