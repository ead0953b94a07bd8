"""Drafts that nobody brings are closed, and closed ones deleted with their time; open ones stay."""

from datetime import timedelta

from services.parcel.drafts.domain.announced import Announced
from services.parcel.drafts.domain.draft import DraftSource
from services.parcel.drafts.use_cases.announce_drafts import Announcing, announce_drafts
from services.parcel.drafts.use_cases.expire_drafts import KEPT_CLOSED_FOR, expire_drafts
from services.parcel.posting.domain.person import Person
from shared.clock import now
from shared.db.connection import Database
from tests.access.signed_in import SHOPS
from tests.parcel.bodies import HOME, RECIPIENT, THIRD

LIVES = timedelta(days=30)
PARCEL = Announced(Person("Sok Dara", "+85512345678", "km"), Person(RECIPIENT, "+855971234567", "km"), THIRD)


async def states(database: Database) -> list[tuple[str, bool]]:
    async with database.connection() as connection:
        rows = await connection.fetch("select state, announced is null as forgotten from draft order by expires_at")
    return [(row["state"], row["forgotten"]) for row in rows]


async def test_a_draft_is_closed_with_its_time_and_deleted_later(parcel_db: Database) -> None:
    at = now()
    for days in (0, 10):
        then = at + timedelta(days=days)
        async with parcel_db.transaction() as tx:
            announcing = Announcing(HOME, SHOPS[HOME], DraftSource.API, "tests", then, then + LIVES)
            await announce_drafts(tx, announcing, [PARCEL])

    async with parcel_db.transaction() as tx:
        assert await expire_drafts(tx, at + LIVES) == 1
    assert await states(parcel_db) == [("expired", True), ("announced", False)]

    async with parcel_db.transaction() as tx:
        assert await expire_drafts(tx, at + LIVES + KEPT_CLOSED_FOR + timedelta(days=11)) == 2
    assert await states(parcel_db) == [("expired", True)]
