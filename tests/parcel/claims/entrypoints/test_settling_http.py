"""What becomes of claims over HTTP: two people, one entry of the ledger, money back if the item is found."""

import asyncio

import pytest

from shared.access.roles import Role
from shared.db.connection import Database
from tests.parcel.bodies import AWAY, HOME, abroad
from tests.parcel.cash.ledger import faults
from tests.parcel.cash.till import Till, dollars, riel
from tests.parcel.claims.asking import Asking
from tests.parcel.claims.entrypoints.test_claims_http import told
from tests.parcel.counter import Counter, problems, refusal

CAP, POSTAGE = 30_000, 5_000


@pytest.fixture
def asking(till: Till) -> Asking:
    return Asking(till)


async def test_a_granted_claim_is_paid_once_and_booked_once(
    asking: Asking, till: Till, counter: Counter, parcel_db: Database
) -> None:
    drawer = await asking.drawer()
    before = await till.balances()
    path = await asking.granted(await counter.registered())

    answers = await asyncio.gather(*(asking.pay(path, drawer) for _ in range(3)))

    assert {answer.status_code for answer in answers} == {200}, answers[0].text
    assert len({answer.content for answer in answers}) == 1
    paid = answers[0].json()
    assert (paid["state"], paid["worth"]["amount_minor"]) == ("paid", CAP + POSTAGE)
    after = await till.balances()
    assert {at: after.get(at, 0) - before.get(at, 0) for at in {*before, *after}} == {
        ("safe", "KHR"): 0,
        ("safe", "USD"): 0,
        ("float", "KHR"): 0,
        ("float", "USD"): 0,
        ("drawer", "KHR"): -CAP - POSTAGE,
        ("compensation", "KHR"): CAP,
        ("postage", "KHR"): POSTAGE,
    }
    entry = (await till.get(f"{drawer}/entries"))[-1]
    assert (entry["cause_kind"], entry["cause_id"]) == ("claim", path.removeprefix("/claims/"))
    assert await faults(parcel_db) == []
    assert await told(parcel_db) == [f"parcel.claim-{fact}.v1" for fact in ("opened", "answered", "decided", "paid")]


async def test_a_found_item_brings_the_money_back_or_stays_with_the_post(
    asking: Asking, till: Till, counter: Counter, parcel_db: Database
) -> None:
    drawer = await asking.drawer()
    before = await till.balances()
    taken, left = [await asking.granted(await counter.registered()) for _ in range(2)]
    for path in (taken, left):
        assert (await asking.pay(path, drawer)).status_code == 200
    back = {"outcome": "recovered", "drawer_id": drawer.removeprefix("/drawers/")}

    assert (await asking.done(f"{taken}/found-later", back, Role.CLERK))["state"] == "recovered"
    assert (await asking.done(f"{left}/found-later", {"outcome": "kept"}, Role.CLERK))["state"] == "kept"

    assert refusal(await asking.post(f"{taken}/found-later", back, Role.CLERK)) == (409, "claim-elsewhere")
    assert (await till.balances())["compensation", "KHR"] == CAP
    assert (await till.balances())["drawer", "KHR"] == before["drawer", "KHR"] - CAP - POSTAGE
    assert await faults(parcel_db) == []


async def test_another_person_decides_and_what_is_rejected_is_proposed_anew(asking: Asking, counter: Counter) -> None:
    path = await asking.opened(await counter.registered())
    await asking.answered(path)
    await asking.proposed(path)
    decision = {"decision": "approved"}
    assert refusal(await asking.post(f"{path}/decision", decision)) == (403, "claim-proposed-by-yourself")
    rejected = await asking.done(f"{path}/decision", {"decision": "rejected"}, Role.OFFICE_MANAGER)
    assert (rejected["state"], rejected["worth"]) == ("answered", None)
    await asking.proposed(path, outcome="refusal")
    refused = await asking.done(f"{path}/decision", decision, Role.OFFICE_MANAGER)
    assert (refused["state"], refused["outcome"]) == ("refused", "refusal")
    assert refused["closed_at"]


async def test_a_bank_pays_by_an_administrators_word(asking: Asking, till: Till, counter: Counter) -> None:
    path = await asking.granted(await counter.registered())
    body = {"method": "bank"}
    headers = counter.signed_in(Role.CLERK)
    refused = await counter.client.put(f"{path}/payment", json=body, headers=headers)
    assert refusal(refused) == (403, "bank-is-administrators")
    headers = counter.signed_in(Role.ADMINISTRATOR)
    assert (await counter.client.put(f"{path}/payment", json=body, headers=headers)).status_code == 200
    assert (await till.balances())["bank", "KHR"] == -CAP - POSTAGE
    wrong = await counter.client.put(f"{path}/payment", json={"method": "cash"}, headers=headers)
    assert problems(wrong) == [("drawer_id", "which-drawer")]


async def test_money_comes_out_of_a_drawer_of_the_office_that_has_it(
    asking: Asking, till: Till, counter: Counter
) -> None:
    path = await asking.granted(await counter.registered())
    empty = await till.opened()
    assert refusal(await asking.pay(path, empty)) == (409, "not-enough-cash")
    await till.floated(office=AWAY)
    elsewhere = await till.opened(riel(100_000), by=AWAY)
    assert refusal(await asking.pay(path, elsewhere, Role.ADMINISTRATOR)) == (404, "drawer-not-found")


async def test_an_item_abroad_is_paid_by_the_rate_of_the_day(asking: Asking, counter: Counter) -> None:
    path = await asking.opened(await counter.registered(**abroad(), collecting_office=None))
    await asking.answered(path)
    body = {"outcome": "compensation", "value": dollars(1_000_00), "currency": "USD", "note": "Lost."}
    assert refusal(await asking.post(f"{path}/proposal", body)) == (409, "claim-needs-rate")
    await asking.rated()
    worth = (await asking.done(f"{path}/proposal", body))["worth"]
    # 40 rights and 1.2 times 4.50, at 1.35 dollars.
    assert (worth["content_minor"], worth["cap_minor"], worth["riel_per_usd"]) == (6_129, 6_129, 4_000)


async def test_postage_is_given_back_once(asking: Asking, till: Till, counter: Counter) -> None:
    drawer, number = await asking.drawer(), await counter.registered()
    path = await asking.granted(number)
    assert (await asking.pay(path, drawer)).status_code == 200
    again = await asking.opened(number)
    await asking.answered(again)
    assert (await asking.proposed(again))["worth"]["postage_minor"] == 0


async def test_what_was_found_is_not_lost_and_may_be_damaged(asking: Asking, counter: Counter) -> None:
    for ground, status in (("loss", 409), ("damage", 200)):
        path = await asking.opened(await counter.registered(), ground=ground)
        await asking.answered(path, answer="found")
        body = {"outcome": "compensation", "value": riel(5_000), "note": "Wet."}
        assert (await asking.post(f"{path}/proposal", body, by=HOME)).status_code == status


async def test_postage_that_came_back_may_be_given_back_again(asking: Asking, counter: Counter) -> None:
    drawer, number = await asking.drawer(), await counter.registered()
    path = await asking.granted(number)
    assert (await asking.pay(path, drawer)).status_code == 200
    back = {"outcome": "recovered", "drawer_id": drawer.removeprefix("/drawers/")}
    await asking.done(f"{path}/found-later", back, Role.CLERK)
    again = await asking.opened(number)
    await asking.answered(again)
    assert (await asking.proposed(again))["worth"]["postage_minor"] == POSTAGE
