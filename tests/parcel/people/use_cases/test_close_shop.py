"""What a shop asks for at the moment when it closes is done before, or refused; nothing of it is left behind."""

import asyncio
from uuid import UUID

from fastapi import FastAPI

from services.parcel.people.domain.address_book import Entry
from services.parcel.people.use_cases.close_shop import close_shop
from services.parcel.people.use_cases.keep_address import keep_address
from shared.access.roles import Actor, Role
from shared.clock import now
from shared.db.connection import Database
from shared.ids import new_id
from tests.parcel.bodies import HOME, parcel_body
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.people.shop import Owner
from tests.parcel.pricing.waiting import until_somebody_waits

MANAGER = Actor("manager", Role.OFFICE_MANAGER, HOME)
BUYER = {"name": "Chan Thida", "phone": "097 123 4567"}


async def book_of(database: Database, trader_id: UUID) -> list[str]:
    async with database.connection() as connection:
        rows = await connection.fetch("select phone from address_entry where trader_id = $1", trader_id)
    return [row["phone"] for row in rows]


async def test_whom_a_member_keeps_while_the_shop_closes_is_not_kept(
    app: FastAPI, owner: Owner, parcel_db: Database
) -> None:
    async with parcel_db.transaction() as tx:
        await close_shop(tx, app.state.service.outbox, MANAGER, owner.trader_uuid, now())
        keeping = asyncio.create_task(owner.ask("PUT", "/addresses", BUYER))
        await until_somebody_waits(parcel_db)

    assert refusal(await keeping) == (409, "shop-closed")
    assert await book_of(parcel_db, owner.trader_uuid) == []


async def test_a_shop_closes_after_what_its_member_keeps_at_that_moment(
    counter: Counter, owner: Owner, parcel_db: Database
) -> None:
    path = f"/traders/{owner.trader_id}/disabled"
    async with parcel_db.transaction() as tx:
        await keep_address(tx, Entry(new_id(), owner.trader_uuid, "Chan Thida", "+855971234567", "km", "KH"), now())
        closing = asyncio.create_task(counter.client.put(path, headers=counter.signed_in(Role.OFFICE_MANAGER)))
        await until_somebody_waits(parcel_db)

    assert (await closing).status_code == 204
    assert await book_of(parcel_db, owner.trader_uuid) == ["+855971234567"]
    assert (await owner.ask("PUT", "/addresses", BUYER)).status_code == 401


async def test_a_parcel_taken_in_for_a_shop_while_it_closes_waits_for_nobody_and_the_next_is_refused(
    app: FastAPI, counter: Counter, owner: Owner, parcel_db: Database
) -> None:
    body = parcel_body(trader=owner.trader_id)
    async with parcel_db.transaction() as tx:
        await close_shop(tx, app.state.service.outbox, MANAGER, owner.trader_uuid, now())
        async with asyncio.timeout(5):
            taken_in = await counter.register(body)
    await app.state.service.directory.refresh(parcel_db)

    assert taken_in.status_code == 201, taken_in.text
    assert problems(await counter.register(body)) == [("trader", "unknown-trader")]
    assert (await counter.get(f"/parcels/{taken_in.json()['item_number']}")).json()["trader"] == owner.trader_id
    assert (await owner.ask("GET", "")).status_code == 401
