"""The sender's instruction: asked for at the counter, kept, told, printed, and forgotten with the people."""

from datetime import timedelta
from typing import Any

import pytest

from services.parcel.posting.use_cases.erase_people import erase_people
from shared.clock import now
from shared.contracts.parcel import ParcelRegisteredV1
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import abroad, parcel_body
from tests.parcel.counter import Counter, problems
from tests.parcel.customs.desk import Desk
from tests.parcel.documents.papers import text_of

BUSAN = "Lee Jiho, 12 Haeundae-ro, Busan"
REDIRECTED = {"if_undeliverable": "redirect", "redirect_to": BUSAN}


@pytest.mark.parametrize(
    ("asked", "kept"),
    [({}, ("return", None)), ({"if_undeliverable": "abandon"}, ("abandon", None)), (REDIRECTED, ("redirect", BUSAN))],
)
async def test_an_instruction_is_kept_and_its_choice_told(
    counter: Counter, parcel_db: Database, key_ring: KeyRing, asked: dict[str, Any], kept: tuple[str, str | None]
) -> None:
    made = (await counter.register(abroad(**asked))).json()

    shown = (await counter.get(f"/parcels/{made['item_number']}")).json()
    (event,) = [one for one in await told.events(parcel_db, key_ring) if isinstance(one, ParcelRegisteredV1)]

    assert (made["if_undeliverable"], made["redirect_to"]) == kept
    assert (shown["if_undeliverable"], shown["redirect_to"]) == kept
    assert event.if_undeliverable == kept[0]
    assert "Lee Jiho" not in event.model_dump_json()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (abroad(if_undeliverable="redirect"), [("redirect_to", "missing")]),
        (abroad(redirect_to=BUSAN), [("redirect_to", "not-redirected")]),
        (abroad(if_undeliverable="burn"), [("if_undeliverable", "enum")]),
    ],
)
async def test_an_instruction_that_nobody_can_follow_is_refused(
    counter: Counter, body: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert problems(await counter.register(body)) == expected


async def test_at_home_a_parcel_comes_back(counter: Counter) -> None:
    answer = await counter.register(parcel_body(if_undeliverable="abandon"))

    assert problems(answer) == [("if_undeliverable", "not-at-home")]


async def test_the_dispatch_note_says_where_a_parcel_is_redirected_to(counter: Counter) -> None:
    desk = Desk(counter)
    number = await desk.parcel_to_korea(**REDIRECTED)
    assert (await desk.declare(number)).status_code == 200

    form = text_of((await counter.get(f"/parcels/{number}/customs-form")).content)

    assert f": {BUSAN}" in form


async def test_who_would_get_it_instead_is_forgotten_with_the_people(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    number = (await counter.register(abroad(**REDIRECTED))).json()["item_number"]
    await counter.cancel(number)
    async with parcel_db.transaction() as tx:
        assert await erase_people(tx, Outbox("parcel", key_ring), timedelta(0), now() + timedelta(seconds=1)) == 1

    async with parcel_db.connection() as connection:
        (row,) = await connection.fetch("select if_undeliverable, redirect_to, p::text as whole from parcel as p")
    assert (row["if_undeliverable"], row["redirect_to"]) == ("redirect", None)
    assert "Busan" not in row["whole"]


async def test_a_parcel_of_the_time_before_says_that_it_comes_back(counter: Counter, parcel_db: Database) -> None:
    number = (await counter.register(abroad())).json()["item_number"]
    async with parcel_db.connection() as connection:
        defaults = await connection.fetch(
            "select column_name, column_default from information_schema.columns where table_name = 'parcel' "
            "and column_name in ('fits_limits', 'if_undeliverable', 'redirect_to') order by column_name"
        )
        await connection.execute(
            "update parcel set fits_limits = default, if_undeliverable = default, redirect_to = default"
        )

    shown = (await counter.get(f"/parcels/{number}")).json()

    assert [row["column_default"] for row in defaults] == ["false", "'return'::text", None]
    assert (shown["fits_limits"], shown["if_undeliverable"], shown["redirect_to"]) == (False, "return", None)
