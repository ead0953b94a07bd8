"""A clerk's day with a drawer: float, payments, hand-backs, a count that differs, and who looks at it."""

import asyncio
from typing import Any

import pytest

from shared.access.roles import Role
from shared.clock import LOCAL, now
from shared.db.connection import Database
from shared.ids import new_id
from tests.parcel.bodies import AWAY, HOME
from tests.parcel.cash.ledger import faults
from tests.parcel.cash.till import Till, dollars, riel
from tests.parcel.counter import Counter, problems, refusal

TODAY = str(now().astimezone(LOCAL).date())
POSTAGE_RIEL = 5_000


async def sold(till: Till, drawer: str, numbers: list[str]) -> Any:
    """Take five dollars for 10,000 riel of postage and two boxes of 1,500."""
    await till.done("/stock-receipts", {"office": HOME, "articles": [{"article": "box-s", "pieces": 10}]})
    body = {
        "item_numbers": numbers,
        "articles": [{"article": "box-s", "pieces": 2}],
        "received": [dollars(5_00)],
        "change": [riel(7_000)],
    }
    return await till.done(f"{drawer}/payments", body)


async def test_a_day_at_the_counter_adds_up(till: Till, counter: Counter, parcel_db: Database) -> None:
    await till.rate(4_000, TODAY)
    await till.floated()
    drawer = await till.opened(riel(100_000), dollars(20_00))
    numbers = [await counter.registered() for _ in range(2)]
    paid = await sold(till, drawer, numbers)
    await till.done(f"{drawer}/hand-backs", {"amounts": [riel(50_000)]})
    await till.done(f"{drawer}/floats", {"amounts": [riel(10_000)]})

    assert (paid["riel_per_usd"], paid["item_numbers"], paid["device"]) == (4_000, numbers, "counter-1")
    state = await till.get(drawer, Role.CLERK)
    assert state["expected"] == [riel(53_000), dollars(25_00)]

    closed = await till.done(f"{drawer}/closing", {"counted": [riel(53_000), dollars(25_00)]})
    assert (closed["expected"], closed["missing"]) == ([], [])
    assert await till.balances() == {
        ("safe", "KHR"): 993_000,
        ("safe", "USD"): 105_00,
        ("float", "KHR"): -1_000_000,
        ("float", "USD"): -100_00,
        ("postage", "KHR"): -10_000,
        ("sales", "KHR"): -3_000,
        ("exchange", "KHR"): 20_000,
        ("exchange", "USD"): -5_00,
        ("stock", "box-s"): 8,
        ("stock_sold", "box-s"): 2,
        ("stock_supplied", "box-s"): -10,
    }
    lines = await till.get(f"{drawer}/entries", Role.CLERK)
    assert [line["kind"] for line in lines] == ["drawer_opened", "payment", "to_safe", "to_drawer", "closing"]
    assert await faults(parcel_db) == []


async def test_a_difference_is_explained_stands_and_is_confirmed_by_another(till: Till) -> None:
    await till.floated()
    drawer = await till.opened(riel(20_000))
    short = {"counted": [{**riel(19_000), "notes": {"1000": 19}}]}

    assert problems(await till.post(f"{drawer}/closing", short)) == [("explanation", "difference-unexplained")]
    wrong = {"counted": [{**riel(19_000), "notes": {"5000": 1}}], "explanation": "x"}
    assert problems(await till.post(f"{drawer}/closing", wrong)) == [("counted.0.notes", "does-not-add-up")]
    assert refusal(await till.put(f"{drawer}/confirmed", Role.SUPERVISOR)) == (409, "drawer-not-closed")
    assert refusal(await counter_get(till, f"{drawer}/closing")) == (409, "drawer-not-closed")

    closed = await till.done(f"{drawer}/closing", short | {"explanation": "I do not know why."})

    assert (closed["missing"], closed["closed_by"]) == ([riel(1_000)], "clerk-TK01A")
    assert await till.balances() == {
        ("safe", "KHR"): 999_000,
        ("safe", "USD"): 100_00,
        ("float", "KHR"): -1_000_000,
        ("float", "USD"): -100_00,
        ("differences", "KHR"): 1_000,
    }
    sheet = await till.get(f"{drawer}/closing", Role.CLERK)
    assert (sheet["explanation"], sheet["drawer"]["missing"]) == ("I do not know why.", [riel(1_000)])
    assert (sheet["sequence"], sheet["sha256"]) == (sheet["closing"]["sequence"], sheet["closing"]["sha256"])

    assert refusal(await till.put(f"{drawer}/confirmed")) == (403, "role-refused")
    first = await till.put(f"{drawer}/confirmed", Role.SUPERVISOR)
    again = await till.put(f"{drawer}/confirmed", Role.OFFICE_MANAGER)
    assert first.json()["confirmed_by"] == "supervisor-TK01A"
    assert first.json() == again.json()
    for path in ("payments", "closing", "floats", "hand-backs"):
        body: dict[str, Any] = {"amounts": [riel(1)]} if "-" in path or path == "floats" else {"counted": []}
        body = {"articles": [{"article": "box-s", "pieces": 1}], "received": []} if path == "payments" else body
        assert refusal(await till.post(f"{drawer}/{path}", body)) == (409, "drawer-closed")


async def counter_get(till: Till, path: str, role: Role = Role.CLERK, by: str = HOME) -> Any:
    return await till.counter.get(f"/cash{path}", role, by)


async def test_one_does_not_confirm_what_one_counted(till: Till) -> None:
    drawer = await till.opened(role=Role.SUPERVISOR)
    await till.done(f"{drawer}/closing", {"counted": []}, Role.SUPERVISOR)

    assert refusal(await till.put(f"{drawer}/confirmed", Role.SUPERVISOR)) == (403, "own-drawer")
    assert (await till.put(f"{drawer}/confirmed", Role.OFFICE_MANAGER)).status_code == 200


async def test_a_clerk_has_one_drawer_open_and_sees_their_own(till: Till) -> None:
    drawer = await till.opened()
    await till.opened(role=Role.SUPERVISOR)

    assert refusal(await till.post("/drawers", {"office": HOME})) == (409, "drawer-open")
    assert refusal(await till.post("/drawers", {"office": AWAY})) == (403, "other-office")
    own = await till.get("/drawers", Role.CLERK, office=HOME)
    assert [f"/drawers/{one['drawer_id']}" for one in own] == [drawer]
    assert len(await till.get("/drawers", Role.AUDITOR, office=HOME)) == 2
    other = f"/drawers/{new_id()}"
    for path, role, by in (
        (drawer, Role.CLERK, AWAY),
        (drawer, Role.SUPERVISOR, AWAY),
        (other, Role.CLERK, HOME),
        (drawer, Role.DISTRICT, HOME),
    ):
        assert refusal(await counter_get(till, path, role, by)) == (404, "drawer-not-found")
    assert refusal(await till.post(f"{drawer}/hand-backs", {"amounts": [riel(1)]}, by=AWAY)) == (
        404,
        "drawer-not-found",
    )


async def test_no_more_is_moved_than_the_ledger_knows_of(till: Till) -> None:
    assert refusal(await till.post("/drawers", {"office": HOME, "opening_float": [riel(1)]})) == (
        409,
        "not-enough-cash",
    )
    await till.floated(riel(100))
    drawer = await till.opened(riel(60))

    for path, amounts in ((f"{drawer}/floats", riel(41)), (f"{drawer}/hand-backs", riel(61))):
        assert refusal(await till.post(path, {"amounts": [amounts]})) == (409, "not-enough-cash")
    sold = {"articles": [{"article": "box-s", "pieces": 1}], "received": [riel(1_500)]}
    assert refusal(await till.post(f"{drawer}/payments", sold)) == (409, "not-enough-stock")


async def test_postage_is_paid_once(till: Till, counter: Counter) -> None:
    drawer = await till.opened()
    number, cod = await counter.registered(), await counter.registered(payer="recipient")
    pay = {"item_numbers": [number], "received": [riel(POSTAGE_RIEL)]}
    first = await till.post(f"{drawer}/payments", pay, key="one")
    again = await till.post(f"{drawer}/payments", pay, key="one")

    assert (first.status_code, first.content) == (201, again.content)
    assert refusal(await till.post(f"{drawer}/payments", pay)) == (409, "already-paid")
    wrong = {"item_numbers": [cod], "received": []}
    assert problems(await till.post(f"{drawer}/payments", wrong)) == [("item_numbers.0", "nothing-due")]
    assert problems(await till.post(f"{drawer}/payments", {"received": []})) == [("item_numbers", "missing")]
    missing = {"item_numbers": ["RR473124829GB"], "received": []}
    assert refusal(await till.post(f"{drawer}/payments", missing)) == (404, "parcel-not-found")


async def test_twins_pay_once(till: Till, counter: Counter) -> None:
    drawer, other = await till.opened(), await till.opened(role=Role.SUPERVISOR)
    pay = {"item_numbers": [await counter.registered()], "received": [riel(POSTAGE_RIEL)]}

    answers = await asyncio.gather(
        *(till.post(f"{drawer}/payments", pay) for _ in range(3)),
        *(till.post(f"{other}/payments", pay, Role.SUPERVISOR) for _ in range(3)),
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409, 409]
    assert (await till.balances())["postage", "KHR"] == -POSTAGE_RIEL


async def test_what_is_paid_in_two_currencies_needs_the_rate_of_the_day(till: Till, counter: Counter) -> None:
    drawer = await till.opened()
    pay = {"item_numbers": [await counter.registered()], "received": [dollars(1_25)]}

    assert refusal(await till.post(f"{drawer}/payments", pay)) == (404, "exchange-rate-not-found")
    await till.rate(4_000, TODAY)
    assert (await till.post(f"{drawer}/payments", pay)).status_code == 201


async def test_a_granted_refund_is_paid_out_once(till: Till, counter: Counter) -> None:
    await till.floated()
    drawer, other = await till.opened(riel(10_000)), await till.opened(riel(10_000), role=Role.SUPERVISOR)
    number = await counter.registered()
    headers = counter.signed_in()
    asked = await counter.client.post(
        f"/parcels/{number}/refunds",
        json={"kind": "void", "amount_minor": POSTAGE_RIEL, "reason": "x"},
        headers=headers | {"Idempotency-Key": "1"},
    )
    request_id = asked.json()["request_id"]
    path = f"{drawer}/refunds/{request_id}"
    assert refusal(await till.put(path)) == (409, "refund-not-granted")
    assert refusal(await till.put(f"{drawer}/refunds/{new_id()}")) == (404, "refund-not-found")
    decided = await counter.client.post(
        f"/refunds/{request_id}/decision",
        json={"decision": "granted"},
        headers=counter.signed_in(Role.SUPERVISOR),
    )
    assert decided.status_code == 200

    first, again = await till.put(path), await till.put(path)

    assert (first.status_code, first.json()) == (200, again.json())
    assert (first.json()["cause_kind"], first.json()["cause_id"]) == ("refund", request_id)
    assert refusal(await till.put(f"{other}/refunds/{request_id}", Role.SUPERVISOR)) == (409, "already-paid")
    assert (await till.balances())["postage", "KHR"] == POSTAGE_RIEL
    assert (await till.get(drawer))["expected"] == [riel(5_000)]


async def test_where_the_ledger_ends_is_told_as_a_drawer_is_closed(till: Till, parcel_db: Database) -> None:
    drawer = await till.opened()
    await till.done(f"{drawer}/closing", {"counted": []})
    sheet = await till.get(f"{drawer}/closing")

    async with parcel_db.connection() as connection:
        (told,) = await connection.fetch("select payload from outbox where type = 'parcel.ledger-head.v1'")
    assert sheet["sha256"].encode() in told["payload"]


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.DISTRICT, Role.TRADER, Role.ADMINISTRATOR])
async def test_only_a_counter_opens_a_drawer(till: Till, role: Role) -> None:
    assert refusal(await till.post("/drawers", {"office": HOME}, role)) == (403, "role-refused")
