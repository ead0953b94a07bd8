"""At a counter: a scan and a weight each, one payment and one receipt; what differs is asked about."""

import asyncio
from typing import Any

import httpx

from services.parcel.drafts.use_cases.expire_drafts import expire_drafts
from shared.access.roles import Role
from shared.clock import now
from shared.contracts.parcel import ParcelContactsV1, ParcelRegisteredV1
from shared.db.connection import Database
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import AWAY, HOME, RECIPIENT, THIRD, keyed
from tests.parcel.cash.till import Till, riel
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.drafts.shop import SHOP, accept, announced, draft_body, sit


async def pay(
    counter: Counter, sitting: str, total_riel: int, method: str = "khqr", role: Role = Role.CLERK, **taken: Any
) -> httpx.Response:
    body = {"method": method, "total_riel": total_riel} | taken
    return await counter.client.post(f"{sitting}/payment", json=body, headers=counter.signed_in(role))


async def test_a_draft_becomes_a_parcel_as_any_other(counter: Counter, parcel_db: Database, key_ring: KeyRing) -> None:
    draft = await announced(counter, order_reference="W-1", cod={"amount_minor": 52_000})
    sitting = await sit(counter)

    answer = await accept(counter, sitting, number=draft["number"])

    parcel = answer.json()
    assert answer.status_code == 201, answer.text
    assert (parcel["recipient"]["name"], parcel["order_reference"], parcel["trader"]) == (RECIPIENT, "W-1", str(SHOP))
    assert (parcel["state"], parcel["collecting_office"], parcel["weight_g"]) == ("accepted", THIRD, 1_200)
    events = await told.events(parcel_db, key_ring, parcel["item_number"])
    assert [type(event) for event in events] == [ParcelRegisteredV1, ParcelContactsV1]
    (closed,) = (await counter.get("/drafts", state="accepted")).json()
    assert (closed["item_number"], closed["announced"]) == (parcel["item_number"], None)


async def test_its_price_is_the_one_of_a_registration(counter: Counter) -> None:
    draft = await announced(counter)
    accepted = (await accept(counter, await sit(counter), number=draft["number"])).json()

    registered = (await counter.register()).json()

    assert accepted["postage"] == registered["postage"]


async def test_the_same_key_gives_the_same_bytes_and_one_parcel(counter: Counter, parcel_db: Database) -> None:
    draft = await announced(counter)
    sitting = await sit(counter)

    answers = [await accept(counter, sitting, "k", number=draft["number"]) for _ in range(3)]

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from parcel") == 1


async def test_of_two_scans_of_one_parcel_at_once_one_is_accepted(counter: Counter, parcel_db: Database) -> None:
    draft = await announced(counter)
    sittings = [await sit(counter), await sit(counter)]

    answers = await asyncio.gather(
        *(accept(counter, sitting, draft_id=draft["draft_id"]) for sitting in sittings for _ in range(2))
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert {refusal(answer)[1] for answer in answers if answer.status_code == 409} == {"draft-closed"}
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from parcel") == 1


async def test_another_weight_than_announced_is_asked_about_and_then_taken(counter: Counter) -> None:
    draft = await announced(counter, weight_g=1_000)
    sitting = await sit(counter)

    asked = await accept(counter, sitting, "k", number=draft["number"], weight_g=1_400)
    taken = await accept(counter, sitting, "k", number=draft["number"], weight_g=1_400, confirm=True)

    assert refusal(asked) == (409, "differs-from-announced")
    assert problems(asked) == [("weight_g", "differs")]
    assert "1000 g" in asked.json()["detail"]
    assert taken.status_code == 201
    assert taken.json()["weight_g"] == 1_400


async def test_a_parcel_that_comes_to_another_office_is_asked_about(counter: Counter) -> None:
    draft = await announced(counter)
    body = {"fits_limits": True, "trader": str(SHOP)}
    begun = await counter.client.post("/sittings", json=body, headers=counter.signed_in(office=AWAY) | keyed())
    sitting = f"/sittings/{begun.json()['sitting_id']}"

    by_number = await accept(counter, sitting, by=AWAY, number=draft["number"])
    asked = await accept(counter, sitting, by=AWAY, draft_id=draft["draft_id"])
    taken = await accept(counter, sitting, by=AWAY, draft_id=draft["draft_id"], confirm=True)

    assert by_number.status_code == 404
    assert problems(asked) == [("office", "differs")]
    assert (taken.status_code, taken.json()["office"]) == (201, AWAY)


async def test_a_number_of_another_customer_is_not_accepted(counter: Counter) -> None:
    draft = await announced(counter)

    answer = await accept(counter, await sit(counter, trader=False), number=draft["number"])

    assert refusal(answer) == (409, "other-customer")


async def test_what_nobody_measured_needs_its_sides_unless_the_sitting_says_that_it_fits(counter: Counter) -> None:
    draft = await announced(counter)
    sitting = await sit(counter, fits_limits=False)

    refused = await accept(counter, sitting, number=draft["number"])
    measured = await accept(counter, sitting, number=draft["number"], length_mm=300, width_mm=200, height_mm=150)

    assert problems(refused) == [("size_mm", "missing")]
    assert measured.json()["length_mm"] == 300


async def test_a_draft_is_named_by_number_or_id(counter: Counter) -> None:
    draft, sitting = await announced(counter), await sit(counter)

    neither = await accept(counter, sitting)
    both = await accept(counter, sitting, number=draft["number"], draft_id=draft["draft_id"])

    assert problems(neither) == [("number", "missing")]
    assert problems(both) == [("number", "named-twice")]


async def test_forty_parcels_have_one_payment_and_one_receipt(counter: Counter) -> None:
    numbers = [(await announced(counter))["number"] for _ in range(40)]
    sitting = await sit(counter)
    accepted = [(await accept(counter, sitting, number=number)).json() for number in numbers]
    total_riel = sum(one["postage"]["price"]["total_riel"] for one in accepted)

    unpaid = await counter.get(f"{sitting}/receipt")
    stated = (await counter.get(sitting)).json()
    drawer = await Till(counter).opened()
    paid = await pay(counter, sitting, total_riel, "cash", drawer_id=drawer.removeprefix("/drawers/"))
    receipt = await counter.get(f"{sitting}/receipt")

    assert refusal(unpaid) == (409, "sitting-not-paid")
    assert (stated["total_riel"], len(stated["lines"]), stated["paid_at"]) == (total_riel, 40, None)
    assert [line["item_number"] for line in stated["lines"]] == [one["item_number"] for one in accepted]
    assert (paid.json()["method"], paid.json()["total_riel"]) == ("cash", total_riel)
    (entry,) = [one for one in await Till(counter).get("/ledger", office=HOME) if one["cause_kind"] == "sitting"]
    assert entry["cause_id"] == sitting.removeprefix("/sittings/")
    assert entry["item_numbers"] == [one["item_number"] for one in accepted]
    assert await Till(counter).balances() == {("drawer", "KHR"): total_riel, ("postage", "KHR"): -total_riel}
    assert receipt.content.startswith(b"%PDF")
    assert refusal(await accept(counter, sitting, number=numbers[0])) == (409, "sitting-paid")


async def test_the_same_payment_again_changes_nothing(counter: Counter) -> None:
    draft, sitting = await announced(counter), await sit(counter)
    await accept(counter, sitting, number=draft["number"])
    total_riel = (await counter.get(sitting)).json()["total_riel"]

    first, again = await pay(counter, sitting, total_riel), await pay(counter, sitting, total_riel)
    other = await pay(counter, sitting, total_riel, "account")

    assert first.json() == again.json()
    assert await Till(counter).balances() == {("khqr", "KHR"): total_riel, ("postage", "KHR"): -total_riel}
    assert refusal(other) == (409, "sitting-paid")


async def test_cash_goes_into_a_drawer_of_the_office_with_its_change(counter: Counter) -> None:
    draft, sitting, till = await announced(counter), await sit(counter), Till(counter)
    await accept(counter, sitting, number=draft["number"])
    total_riel = (await counter.get(sitting)).json()["total_riel"]
    drawer_id = (await till.opened()).removeprefix("/drawers/")
    elsewhere_id = (await till.opened(by=AWAY)).removeprefix("/drawers/")

    nowhere = await pay(counter, sitting, total_riel, "cash")
    elsewhere = await pay(counter, sitting, total_riel, "cash", drawer_id=elsewhere_id)
    taken: dict[str, Any] = {"drawer_id": drawer_id, "received": [riel(total_riel + 5_000)]}
    too_much = await pay(counter, sitting, total_riel, "cash", **taken)
    code = await pay(counter, sitting, total_riel, "khqr", **taken)
    paid = await pay(counter, sitting, total_riel, "cash", **taken, change=[riel(5_000)])

    assert problems(nowhere) == [("drawer_id", "missing")]
    assert refusal(elsewhere) == (404, "drawer-not-found")
    assert problems(too_much) == [("change", "does-not-add-up")]
    assert problems(code) == [("drawer_id", "not-used"), ("received", "not-used")]
    assert paid.status_code == 200, paid.text
    assert await till.balances() == {("drawer", "KHR"): total_riel, ("postage", "KHR"): -total_riel}


async def test_a_shop_pays_on_its_bill_and_nobody_else_does(counter: Counter) -> None:
    draft, shops = await announced(counter), await sit(counter)
    visitor = (await counter.client.post("/drafts", json=draft_body(office=HOME), headers=keyed())).json()
    others = await sit(counter, trader=False)
    for sitting, one in ((shops, draft), (others, visitor)):
        assert (await accept(counter, sitting, number=one["number"])).status_code == 201
    total_riel = (await counter.get(shops)).json()["total_riel"]

    billed, refused = [await pay(counter, sitting, total_riel, "account") for sitting in (shops, others)]

    assert billed.status_code == 200, billed.text
    assert problems(refused) == [("method", "needs-shop")]
    assert await Till(counter).balances() == {("billed", "KHR"): total_riel, ("postage", "KHR"): -total_riel}


async def test_a_parcel_that_was_paid_apart_is_not_paid_again(counter: Counter) -> None:
    draft, sitting, till = await announced(counter), await sit(counter), Till(counter)
    parcel = (await accept(counter, sitting, number=draft["number"])).json()
    total_riel = (await counter.get(sitting)).json()["total_riel"]
    body = {"item_numbers": [parcel["item_number"]], "received": [riel(total_riel)]}
    await till.done(f"{await till.opened()}/payments", body)

    assert refusal(await pay(counter, sitting, total_riel)) == (409, "already-paid")
    assert (await counter.get(sitting)).json()["paid_at"] is None


async def test_a_total_that_nobody_has_seen_is_not_paid(counter: Counter) -> None:
    draft, sitting = await announced(counter), await sit(counter)
    assert refusal(await pay(counter, sitting, 0)) == (409, "sitting-empty")
    await accept(counter, sitting, number=draft["number"])

    assert refusal(await pay(counter, sitting, 1)) == (409, "total-changed")


async def test_what_the_recipient_pays_is_not_paid_at_the_counter(counter: Counter) -> None:
    draft, sitting = await announced(counter, payer="recipient"), await sit(counter)
    await accept(counter, sitting, number=draft["number"])

    stated = (await counter.get(sitting)).json()

    assert stated["total_riel"] == 0
    assert stated["lines"][0]["price_riel"] > 0
    assert (await pay(counter, sitting, 0)).status_code == 200


async def test_a_parcel_taken_back_before_the_payment_costs_nothing(counter: Counter) -> None:
    sitting = await sit(counter)
    kept, back = [
        (await accept(counter, sitting, number=(await announced(counter))["number"])).json() for _ in range(2)
    ]
    await counter.cancel(back["item_number"])

    stated = (await counter.get(sitting)).json()

    assert [line["item_number"] for line in stated["lines"]] == [kept["item_number"]]


async def test_a_draft_of_a_visitor_is_accepted_from_somebody_without_a_shop(counter: Counter) -> None:
    draft = (await counter.client.post("/drafts", json=draft_body(office=HOME), headers=keyed())).json()

    answer = await accept(counter, await sit(counter, trader=False), number=draft["number"])

    assert (answer.status_code, answer.json()["trader"]) == (201, None)


async def test_another_office_sees_no_sitting(counter: Counter) -> None:
    sitting = await sit(counter)

    assert (await counter.get(sitting, by=AWAY)).status_code == 404
    assert (await accept(counter, sitting, by=AWAY, number="1000-8")).status_code == 404


async def test_an_expired_draft_is_accepted_no_more_and_its_number_is_free(
    counter: Counter, parcel_db: Database
) -> None:
    draft, sitting = await announced(counter), await sit(counter)
    async with parcel_db.transaction() as tx:
        await tx.execute("update draft set expires_at = now() - interval '1 second'")
        assert await expire_drafts(tx, now()) == 1

    assert (await accept(counter, sitting, number=draft["number"])).status_code == 404
    assert refusal(await accept(counter, sitting, draft_id=draft["draft_id"])) == (409, "draft-closed")
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select announced is null from draft")


async def test_a_sticker_may_be_on_it_and_is_used_once(counter: Counter) -> None:
    body = {"office": HOME, "indicator": "PD", "count": 2}
    headers = counter.signed_in() | keyed()
    sticker = (await counter.client.post("/sticker-ranges", json=body, headers=headers)).json()["first_number"]
    first, second = await announced(counter), await announced(counter)
    sitting = await sit(counter)

    accepted = await accept(counter, sitting, number=first["number"], item_number=sticker)
    used = await accept(counter, sitting, number=second["number"], item_number=sticker)

    assert accepted.json()["item_number"] == sticker
    assert refusal(used) == (409, "sticker-used")
    assert (await accept(counter, sitting, number=second["number"])).status_code == 201
