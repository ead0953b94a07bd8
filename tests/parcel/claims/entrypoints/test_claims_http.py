"""Enquiries over HTTP: to the last holder, on to whom it was handed, listed when overdue, a shop's own to the shop."""

from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI

from services.parcel.claims.use_cases.forget_claim_words import forget_claim_words
from shared.access.roles import Role
from shared.clock import now
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from tests.access.signed_in import SHOPS
from tests.parcel.bodies import AWAY, HOME, abroad, keyed
from tests.parcel.cash.till import Till
from tests.parcel.claims.asking import Asking
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.customs.desk import Desk
from tests.parcel.moved import follow, moved


@pytest.fixture
def asking(till: Till) -> Asking:
    return Asking(till)


async def told(database: Database) -> list[str]:
    async with database.connection() as connection:
        rows = await connection.fetch("select type from outbox where type like 'parcel.claim-%' order by id")
    return [row["type"] for row in rows]


async def test_an_enquiry_goes_to_the_last_holder_and_on_to_whom_it_handed_the_item(
    asking: Asking, counter: Counter, parcel_db: Database
) -> None:
    number = await counter.registered()
    await follow(parcel_db, moved(number, 1, CustomerState.IN_TRANSIT, office=AWAY))
    await follow(parcel_db, moved(number, 2, CustomerState.IN_TRANSIT, office=None))

    path = await asking.opened(number)
    opened = await asking.show(path)
    assert (opened["holder_office"], opened["state"]) == (AWAY, "enquired")

    refused = await asking.post(f"{path}/answer", {"answer": "found"}, by=HOME)
    assert refusal(refused) == (404, "claim-not-found")
    handed = await asking.answered(path, AWAY, answer="handed_over", handed_to="office", handed_to_code=HOME)
    assert (handed["holder_office"], handed["asked_before"], handed["state"]) == (HOME, [AWAY], "enquired")
    assert (await asking.answered(path))["state"] == "answered"

    story = await asking.show(path)
    assert [(step["reason"], step["office"], step["note"]) for step in story["steps"]] == [
        ("loss", AWAY, "Nobody was called."),
        ("handed_over", AWAY, "Looked twice."),
        ("not_here", HOME, "Looked twice."),
    ]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ({"answer": "found"}, "found"),
        ({"answer": "handed_over", "handed_to": "recipient"}, "answered"),
        ({"answer": "handed_over", "handed_to": "carrier", "handed_to_code": "JNT"}, "answered"),
        ({"answer": "handed_over", "handed_to": "post_abroad", "handed_to_code": "KR"}, "enquired"),
        ({"answer": "not_here"}, "answered"),
    ],
    ids=str,
)
async def test_each_answer_leads_somewhere(
    asking: Asking, counter: Counter, answer: dict[str, Any], state: str
) -> None:
    path = await asking.opened(await counter.registered())
    assert (await asking.answered(path, **answer))["state"] == state


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"answer": "handed_over"}, ("handed_to", "to-whom")),
        ({"answer": "found", "handed_to": "recipient"}, ("handed_to", "to-whom")),
        ({"answer": "handed_over", "handed_to": "office"}, ("handed_to_code", "to-whom")),
        (
            {"answer": "handed_over", "handed_to": "office", "handed_to_code": "XX99Z"},
            ("handed_to_code", "unknown-office"),
        ),
    ],
    ids=["nobody", "found", "no office", "unknown office"],
)
async def test_an_answer_says_to_whom_it_went(
    asking: Asking, counter: Counter, answer: dict[str, Any], problem: tuple[str, str]
) -> None:
    path = await asking.opened(await counter.registered())
    assert problems(await asking.post(f"{path}/answer", answer)) == [problem]


async def test_a_post_abroad_is_answered_for_by_an_administrator(
    asking: Asking, counter: Counter, parcel_db: Database
) -> None:
    number = await counter.registered(**abroad(), collecting_office=None)
    await follow(parcel_db, moved(number, 1, CustomerState.IN_TRANSIT, office=None))
    path = await asking.opened(number)
    shown = await asking.show(path)
    assert (shown["holder_office"], shown["holder_country"], shown["is_international"]) == (None, "KR", True)
    assert refusal(await asking.post(f"{path}/answer", {"answer": "found"})) == (404, "claim-not-found")
    answer = await asking.done(f"{path}/answer", {"answer": "not_here"}, Role.ADMINISTRATOR)
    assert answer["state"] == "answered"


async def test_what_came_from_abroad_is_asked_about_and_compensated_by_its_post(
    asking: Asking, counter: Counter
) -> None:
    await Desk(counter).taken_in(item_number="EE471108151FR")
    path = await asking.opened("EE471108151FR", claimant="recipient")
    await asking.answered(path, (await asking.show(path))["holder_office"])
    body = {"outcome": "compensation", "note": "Lost."}
    assert refusal(await asking.post(f"{path}/proposal", body)) == (409, "paid-by-origin")
    assert (await asking.proposed(path, outcome="refusal"))["worth"] is None


async def test_an_item_has_one_open_claim_and_the_same_key_the_same_answer(
    asking: Asking, counter: Counter, parcel_db: Database
) -> None:
    number = await counter.registered()
    first = await asking.post(f"/parcels/{number}/claims", {"ground": "loss"}, key="one")
    assert (await asking.post(f"/parcels/{number}/claims", {"ground": "loss"}, key="one")).content == first.content
    again = await asking.post(f"/parcels/{number}/claims", {"ground": "damage"})
    assert refusal(again) == (409, "claim-open")
    path = f"/claims/{first.json()['claim_id']}"
    await asking.done(f"{path}/closing", {"closed_for": "withdrawn"})
    assert refusal(await asking.post(f"{path}/answer", {"answer": "found"})) == (409, "claim-elsewhere")
    await asking.opened(number)
    assert len(await asking.show(f"/parcels/{number}/claims")) == 2
    assert await told(parcel_db) == [
        "parcel.claim-opened.v1",
        "parcel.claim-closed.v1",
        "parcel.claim-opened.v1",
    ]


async def test_after_six_months_nobody_asks_any_more(asking: Asking, counter: Counter, parcel_db: Database) -> None:
    number = await counter.registered()
    async with parcel_db.transaction() as tx:
        await tx.execute("update parcel set registered_at = now() - interval '200 days'")
    assert refusal(await asking.post(f"/parcels/{number}/claims", {"ground": "loss"})) == (409, "claim-too-late")


async def test_overdue_enquiries_are_listed_page_by_page(asking: Asking, counter: Counter, parcel_db: Database) -> None:
    paths = [await asking.opened(await counter.registered()) for _ in range(3)]
    async with parcel_db.transaction() as tx:
        await tx.execute(
            "update item_claim set answer_by = current_date - 2 where claim_id = any($1::uuid[])",
            [path.removeprefix("/claims/") for path in paths[:2]],
        )
    late = await asking.show("/claims", overdue=1)
    assert [f"/claims/{one['claim_id']}" for one in late] == paths[:2]
    assert await asking.show("/claims", by=AWAY, overdue=1) == []
    assert len(await asking.show("/claims", Role.AUDITOR)) == 3
    assert refusal(await counter.get("/claims", Role.SUPERVISOR, AWAY, office=HOME)) == (403, "other-office")
    # Of one who does not answer in time what becomes of it may be proposed.
    assert (await asking.proposed(paths[0]))["state"] == "proposed"
    body = {"outcome": "refusal", "note": "Not ours."}
    assert refusal(await asking.post(f"{paths[2]}/proposal", body)) == (409, "answer-awaited")


async def test_a_shop_asks_about_its_own_and_sees_what_was_decided(
    asking: Asking, counter: Counter, app: FastAPI
) -> None:
    number = await counter.registered(trader=str(SHOPS[HOME]))
    own = counter.signed_in(Role.TRADER, HOME) | keyed()
    answer = await counter.client.post(
        f"/parcels/{number}/claims", json={"ground": "loss", "note": "Ours."}, headers=own
    )
    assert answer.status_code == 201, answer.text
    path = f"/claims/{answer.json()['claim_id']}"
    assert (answer.json()["claimant"], answer.json()["office"]) == ("shop", HOME)

    await asking.answered(path)
    await asking.proposed(path)
    (listed,) = await asking.show("/claims", Role.TRADER)
    assert (listed["state"], listed["worth"], listed["outcome"]) == ("proposed", None, None)
    notes = [(step["reason"], step["note"]) for step in (await asking.show(path, Role.TRADER))["steps"]]
    assert notes == [("loss", "Ours."), ("not_here", None), ("proposed", None)]
    await asking.done(f"{path}/decision", {"decision": "approved"}, Role.OFFICE_MANAGER)
    assert (await asking.show(path, Role.TRADER))["worth"]["amount_minor"] > 0
    assert await asking.show("/claims", Role.TRADER, AWAY) == []
    assert (await counter.get(path, Role.TRADER, AWAY)).status_code == 404
    assert (await counter.get(f"/parcels/{number}/claims", Role.TRADER, AWAY)).status_code == 404


async def test_words_are_forgotten_and_steps_stay(asking: Asking, counter: Counter, parcel_db: Database) -> None:
    path = await asking.opened(await counter.registered())
    async with parcel_db.transaction() as tx:
        assert await forget_claim_words(tx, timedelta(days=1), now()) == 0
        assert await forget_claim_words(tx, timedelta(days=1), now() + timedelta(days=2)) == 1
    (step,) = (await asking.show(path))["steps"]
    assert (step["reason"], step["note"]) == ("loss", None)
