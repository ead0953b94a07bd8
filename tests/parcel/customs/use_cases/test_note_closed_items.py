"""Which items of ours were closed into a dispatch abroad is known from any of their news."""

from datetime import UTC, datetime

import pytest

from services.parcel.customs.store import closed_items
from services.parcel.posting.entrypoints.consumers import on_parcel_moved
from services.tracking.domain.event_codes import SCANNED_CODES
from shared.contracts.states import CustomerState
from shared.contracts.tracking import ParcelMovedV1
from shared.db.connection import Database
from tests.parcel.customs.declarations import NUMBER
from tests.parcel.customs.desk import INBOUND
from tests.parcel.moved import moved

NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
ABROAD = {"EMC", "EMJ", "EMK", "EMD", "EDA", "EDB", "EME", "EDC", "EMF"}


def news(version: int, code: str, number: str = NUMBER) -> ParcelMovedV1:
    return moved(number, version, CustomerState.IN_TRANSIT, event_code=code, occurred_at=NOON.replace(minute=version))


async def closed(database: Database, *events: ParcelMovedV1, number: str = NUMBER) -> bool:
    async with database.transaction() as tx:
        await on_parcel_moved(tx, events)
        return await closed_items.has(tx, number)


@pytest.mark.parametrize("code", sorted(code.value for code in SCANNED_CODES))
async def test_departure_and_what_only_comes_after_it_show_it(parcel_db: Database, code: str) -> None:
    assert await closed(parcel_db, news(1, code)) is (code in ABROAD)


async def test_neither_order_nor_later_news_of_a_batch_hide_it(parcel_db: Database) -> None:
    assert await closed(parcel_db, news(3, "EMB"), news(2, "EMC"))


async def test_what_is_heard_twice_is_noted_once(parcel_db: Database) -> None:
    await closed(parcel_db, news(1, "EMC"))
    assert await closed(parcel_db, news(2, "EMD"))
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select closed_at from closed_item") == NOON.replace(minute=1)


async def test_an_item_from_abroad_is_none_of_ours(parcel_db: Database) -> None:
    assert not await closed(parcel_db, news(1, "EMC", INBOUND), number=INBOUND)
