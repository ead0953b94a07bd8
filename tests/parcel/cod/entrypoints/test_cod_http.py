"""Collected money over HTTP: booked as it is told, shown to its shop, paid out by two people, or against a code."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI

from services.parcel.cod.entrypoints.consumers import handlers
from services.parcel.people.domain.trader import PayoutKind
from shared.access.roles import Role
from shared.clock import now
from shared.contracts.tracking import Money, ParcelHandedOverV1, PaymentTaken
from shared.db.connection import Database
from shared.ids import new_id
from tests.parcel.bodies import AWAY, HOME, keyed
from tests.parcel.cash.ledger import faults
from tests.parcel.cash.till import Till, riel
from tests.parcel.counter import Counter, problems, refusal

ADMINISTRATOR = Role.ADMINISTRATOR
COD_RIEL, POSTAGE_RIEL = 52_000, 6_500
Shops = dict[PayoutKind, UUID]


async def parcel(counter: Counter, shop: UUID | None = None, **values: Any) -> str:
    """Register a parcel with money on it."""
    more = {"trader": str(shop)} if shop else {}
    return await counter.registered(cod=riel(COD_RIEL), **(more | values))


async def hand_over(
    app: FastAPI, database: Database, number: str, drawer: str = "", **values: Any
) -> ParcelHandedOverV1:
    """Tell that it was handed over and paid in cash, unless something else is said."""
    payment: dict[str, Any] = {"method": "cash", "received": [Money(amount_minor=COD_RIEL, currency="KHR")]}
    if drawer:
        payment["drawer_id"] = UUID(drawer.removeprefix("/drawers/"))
    event = ParcelHandedOverV1(
        item_number=number,
        scan_id=new_id(),
        office=HOME,
        actor="clerk-TK01A",
        device=None,
        occurred_at=now(),
        payment=PaymentTaken.model_validate(payment | values),
    )
    await tell(app, database, event)
    return event


async def tell(app: FastAPI, database: Database, *events: ParcelHandedOverV1) -> None:
    handler = handlers(app.state.service)[ParcelHandedOverV1]
    async with database.transaction() as tx:
        await handler(tx, events)


async def totals(till: Till) -> dict[str, Any]:
    answer = await till.counter.get("/cod/totals", Role.AUDITOR)
    return {one["currency"]: one for one in answer.json()}


async def ask(till: Till, path: str, body: Any, role: Role = ADMINISTRATOR, by: str = HOME) -> Any:
    headers = till.counter.signed_in(role, by) | keyed()
    return await till.counter.client.post(f"/cod{path}", json=body, headers=headers)


async def approved(till: Till, method: str) -> dict[str, Any]:
    """Propose a batch as one administrator and approve it as another; returns it."""
    proposed = await ask(till, "/batches", {"method": method, "currency": "KHR"})
    assert proposed.status_code == 201, proposed.text
    path = f"/batches/{proposed.json()['batch_id']}"
    assert refusal(await ask(till, f"{path}/decision", {"decision": "approved"})) == (403, "proposed-by-yourself")
    assert refusal(await ask(till, f"{path}/paid", {})) == (409, "payout-batch-not-approved")
    assert (await ask(till, f"{path}/decision", {"decision": "approved"}, by=AWAY)).status_code == 200
    batch: dict[str, Any] = proposed.json()
    return batch


async def statement(till: Till, shop: UUID, role: Role = Role.CLERK, by: str = HOME) -> Any:
    answer = await till.counter.get(f"/traders/{shop}/cod-statement", role, by)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_hand_over_is_booked_once_for_its_sender(
    app: FastAPI, till: Till, counter: Counter, parcel_db: Database, shops: Shops
) -> None:
    drawer, shop = await till.opened(), shops["bank_account"]
    event = await hand_over(app, parcel_db, await parcel(counter, shop, payer="cod"), drawer)

    await asyncio.gather(*(tell(app, parcel_db, event, event) for _ in range(3)))

    assert await till.balances() == {
        ("drawer", "KHR"): COD_RIEL,
        ("cod_held", "KHR"): -(COD_RIEL - POSTAGE_RIEL),
        ("postage", "KHR"): -POSTAGE_RIEL,
    }
    (entry,) = (await till.get(f"{drawer}/entries"))[1:]
    assert (entry["cause_kind"], entry["cause_id"], entry["flags"]) == ("scan", str(event.scan_id), [])
    (item,) = (await statement(till, shop))["items"]
    assert (item["net_minor"], item["kept_minor"], item["paid_at"]) == (45_500, POSTAGE_RIEL, None)
    assert (await totals(till))["KHR"]["agrees"] is True
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from outbox where type = 'parcel.cod-booked.v1'") == 1


async def test_what_is_not_what_was_due_waits_under_suspense(
    app: FastAPI, till: Till, counter: Counter, parcel_db: Database
) -> None:
    drawer = await till.opened()
    less = [Money(amount_minor=50_000, currency="KHR")]
    await hand_over(app, parcel_db, await parcel(counter), drawer, received=less)
    # Nothing is due on this one, and nobody knows the other.
    await hand_over(app, parcel_db, await counter.registered(), drawer)
    await hand_over(app, parcel_db, "RR473124829GB", drawer)

    balances = await till.balances()

    assert balances["cod_held", "KHR"] == -COD_RIEL
    assert balances["suspense", "KHR"] == 2_000 - 2 * COD_RIEL
    assert balances["drawer", "KHR"] == 50_000 + 2 * COD_RIEL
    assert [one["flags"] for one in await till.get(f"{drawer}/entries")] == [[], ["uneven"], ["uneven"], ["uneven"]]
    assert await faults(parcel_db) == []


async def test_what_a_recipient_pays_of_the_postage_is_booked_with_it(
    app: FastAPI, till: Till, counter: Counter, parcel_db: Database
) -> None:
    drawer = await till.opened()
    all_of_it = [Money(amount_minor=COD_RIEL + POSTAGE_RIEL, currency="KHR")]
    await hand_over(app, parcel_db, await parcel(counter, payer="recipient"), drawer, received=all_of_it)

    balances = await till.balances()
    assert (balances["cod_held", "KHR"], balances["postage", "KHR"]) == (-COD_RIEL, -POSTAGE_RIEL)


async def test_a_batch_is_proposed_by_one_approved_by_another_and_paid_once(
    app: FastAPI, till: Till, counter: Counter, parcel_db: Database, shops: Shops
) -> None:
    assert refusal(await ask(till, "/batches", {"method": "bank", "currency": "KHR"})) == (409, "nothing-to-pay-out")
    drawer, shop = await till.opened(), shops["bank_account"]
    for _ in range(2):
        await hand_over(app, parcel_db, await parcel(counter, shop), drawer)
    batch = await approved(till, "bank")
    path = f"/batches/{batch['batch_id']}"

    file = await counter.get(f"/cod{path}/file.csv", ADMINISTRATOR)
    assert "krama_house@bank,104000,KHR" in file.text
    assert (await ask(till, f"{path}/paid", {})).json()["state"] == "paid"
    assert refusal(await ask(till, f"{path}/paid", {})) == (409, "payout-batch-decided")

    assert (await till.balances())["bank", "KHR"] == -2 * COD_RIEL
    shown = await statement(till, shop)
    assert [one["late"] for one in shown["payouts"]] == [False]
    assert shown["sums"][0]["paid_minor"] == 2 * COD_RIEL
    assert (await totals(till))["KHR"] == {
        "currency": "KHR",
        "collected_minor": 2 * COD_RIEL,
        "paid_minor": 2 * COD_RIEL,
        "held_minor": 0,
        "owed_minor": 0,
        "ledger_minor": 0,
        "agrees": True,
    }
    table = await counter.get(f"/traders/{shop}/cod-statement.csv")
    assert table.text.count("52000,0,52000,KHR") == 2
    assert await faults(parcel_db) == []


async def test_a_rejected_batch_lets_go_of_what_it_held(
    app: FastAPI, till: Till, counter: Counter, parcel_db: Database, shops: Shops
) -> None:
    await hand_over(app, parcel_db, await parcel(counter, shops["bank_account"]), await till.opened())
    body = {"method": "bank", "currency": "KHR"}
    first = (await ask(till, "/batches", body)).json()
    assert refusal(await ask(till, "/batches", body)) == (409, "nothing-to-pay-out")
    rejected = await ask(till, f"/batches/{first['batch_id']}/decision", {"decision": "rejected"}, by=AWAY)

    assert rejected.json()["state"] == "rejected"
    assert (await ask(till, "/batches", body)).status_code == 201
    listed = await counter.get("/cod/batches", Role.AUDITOR)
    assert [one["state"] for one in listed.json()] == ["proposed", "rejected"]


async def test_what_comes_late_is_explained(
    app: FastAPI, till: Till, counter: Counter, parcel_db: Database, shops: Shops
) -> None:
    await hand_over(app, parcel_db, await parcel(counter, shops["bank_account"]), await till.opened())
    async with parcel_db.transaction() as tx:
        await tx.execute("update cod_item set promised_on = $1", now().date() - timedelta(days=2))
    path = f"/batches/{(await approved(till, 'bank'))['batch_id']}/paid"

    assert problems(await ask(till, path, {})) == [("lateness", "lateness-unexplained")]
    assert (await ask(till, path, {"lateness": "The bank was closed."})).status_code == 200

    (payout,) = (await statement(till, shops["bank_account"]))["payouts"]
    assert (payout["late"], payout["lateness"]) == (True, "The bank was closed.")


async def test_cash_is_paid_at_a_counter_against_its_code(
    app: FastAPI, till: Till, counter: Counter, parcel_db: Database, shops: Shops
) -> None:
    shop = shops["cash_at_office"]
    await hand_over(app, parcel_db, await parcel(counter, shop), await till.opened())
    batch = await approved(till, "cash")
    (payout,) = batch["payouts"]
    assert refusal(await ask(till, f"/batches/{batch['batch_id']}/paid", {})) == (409, "paid-at-counters")
    async with parcel_db.connection() as connection:
        code = await connection.fetchval("select code from cod_payout")
    assert [one["code"] for one in (await statement(till, shop, by=AWAY))["payouts"]] == [None]
    await till.floated(riel(100_000), office=AWAY)
    drawer = await till.opened(riel(60_000), by=AWAY)
    path = f"/payouts/{payout['payout_id']}/cash"
    right = {"drawer_id": drawer.removeprefix("/drawers/"), "code": code}
    wrong = right | {"code": f"{(int(code) + 1) % 1_000_000:06}"}

    assert refusal(await ask(till, path, right, Role.CLERK)) == (404, "payout-not-found")
    assert refusal(await ask(till, path, wrong, Role.CLERK, AWAY)) == (409, "payout-code-refused")
    assert (await ask(till, path, right, Role.CLERK, AWAY)).status_code == 200
    assert refusal(await ask(till, path, right, Role.CLERK, AWAY)) == (409, "payout-batch-decided")

    assert (await till.balances(AWAY))["settlement", "KHR"] == COD_RIEL
    assert (await till.balances())["settlement", "KHR"] == -COD_RIEL
    assert (await till.get(drawer, by=AWAY))["expected"] == [riel(8_000)]
    assert (await totals(till))["KHR"]["paid_minor"] == COD_RIEL


async def test_nobody_guesses_the_code_of_a_payout(
    app: FastAPI, till: Till, counter: Counter, parcel_db: Database
) -> None:
    drawer = await till.opened()
    await hand_over(app, parcel_db, await parcel(counter), drawer)
    (payout,) = (await approved(till, "cash"))["payouts"]
    async with parcel_db.connection() as connection:
        code = await connection.fetchval("select code from cod_payout")
    path, drawer_id = f"/payouts/{payout['payout_id']}/cash", drawer.removeprefix("/drawers/")
    for one in range(1, 6):
        wrong = {"drawer_id": drawer_id, "code": f"{(int(code) + one) % 1_000_000:06}"}
        assert refusal(await ask(till, path, wrong, Role.CLERK)) == (409, "payout-code-refused")

    right = {"drawer_id": drawer_id, "code": code}
    assert refusal(await ask(till, path, right, Role.CLERK)) == (409, "payout-code-refused")


async def test_a_code_is_shown_until_a_statement_matches_it(
    app: FastAPI, till: Till, counter: Counter, parcel_db: Database
) -> None:
    number, other = await parcel(counter), await parcel(counter)
    shown = await counter.client.put(f"/parcels/{number}/khqr", headers=counter.signed_in())
    again = await counter.client.put(f"/parcels/{number}/khqr", headers=counter.signed_in())
    assert (shown.status_code, shown.json()) == (200, again.json())
    assert (number in shown.json()["payload"], shown.json()["matched_at"]) == (True, None)
    await hand_over(app, parcel_db, number, method="khqr")
    assert (await totals(till))["KHR"]["owed_minor"] == COD_RIEL
    assert [one["method"] for one in (await counter.get("/cod/owed", Role.AUDITOR)).json()] == ["khqr"]

    lines = [
        "reference,date,bill_number,amount,currency",
        f"A1,2026-11-30,{number},52000,KHR",
        f"A2,2026-11-30,{number},52000,KHR",
        f"A3,2026-11-30,{other},52000,KHR",
        "A4,2026-11-30,RENT,1,KHR",
    ]
    imported = await ask(till, "/bank-statements", {"statement": "\r\n".join(lines)})
    repeated = await ask(till, "/bank-statements", {"statement": "\r\n".join(lines)})

    assert imported.json()["matched"] == [number]
    assert {one["reference"]: one["trouble"] for one in imported.json()["troubles"]} == {
        "A2": "paid-twice",
        "A3": "no-code",
        "A4": "no-code",
    }
    assert repeated.json() == {"lines": 4, "new": 0, "matched": [], "troubles": []}
    sums = (await totals(till))["KHR"]
    assert (sums["owed_minor"], sums["held_minor"], sums["agrees"]) == (0, COD_RIEL, True)
    assert await till.balances() == {("bank", "KHR"): COD_RIEL, ("cod_held", "KHR"): -COD_RIEL}
    paid = await counter.client.put(f"/parcels/{number}/khqr", headers=counter.signed_in())
    assert refusal(paid) == (409, "nothing-due")


async def test_a_code_that_was_paid_ahead_is_booked_at_once_and_not_again(
    app: FastAPI, till: Till, counter: Counter, parcel_db: Database
) -> None:
    number = await parcel(counter, collecting_office=HOME)
    await counter.client.put(f"/parcels/{number}/khqr", headers=counter.signed_in())
    text = f"reference,date,bill_number,amount,currency\nA1,2026-11-30,{number},52000,KHR\n"
    assert (await ask(till, "/bank-statements", {"statement": text})).json()["matched"] == [number]

    await hand_over(app, parcel_db, number, method="khqr")

    assert await till.balances() == {("bank", "KHR"): COD_RIEL, ("cod_held", "KHR"): -COD_RIEL}


async def test_what_a_carrier_collected_is_owed_until_it_is_remitted(
    app: FastAPI, till: Till, counter: Counter, parcel_db: Database, shops: Shops
) -> None:
    number = await parcel(counter, shops["bank_account"])
    await hand_over(app, parcel_db, number, method="carrier", carrier="JNT")
    assert refusal(await ask(till, "/batches", {"method": "bank", "currency": "KHR"})) == (409, "nothing-to-pay-out")
    body = {"carrier": "JNT", "reference": "R1", "item_numbers": [number]}

    other = body | {"carrier": "VET"}
    assert problems(await ask(till, "/remittances", other)) == [("item_numbers.0", "not-owed")]
    assert (await ask(till, "/remittances", body)).json()["items"] == 1
    assert problems(await ask(till, "/remittances", body)) == [("item_numbers.0", "not-owed")]

    assert await till.balances() == {("bank", "KHR"): COD_RIEL, ("cod_held", "KHR"): -COD_RIEL}
    assert (await ask(till, "/batches", {"method": "bank", "currency": "KHR"})).status_code == 201


async def test_a_correction_says_who_has_it_and_never_that_there_was_none(
    app: FastAPI, till: Till, counter: Counter, parcel_db: Database
) -> None:
    drawer = await till.opened()
    await hand_over(app, parcel_db, await parcel(counter), drawer)
    entry = (await till.get(f"{drawer}/entries"))[-1]
    path = f"/entries/{entry['entry_id']}/correction"

    undone = await till.post(path, {"reason": "x"}, ADMINISTRATOR)
    assert problems(undone) == [("instead", "changes-collected")]
    instead = [
        {"account": "safe", "unit": "KHR", "quantity": COD_RIEL},
        *({**one, "holder": one["holder"]} for one in entry["postings"] if one["account"] == "cod_held"),
    ]
    await till.done(path, {"reason": "It went into the safe.", "instead": instead}, ADMINISTRATOR)
    assert (await totals(till))["KHR"]["agrees"] is True


@pytest.mark.parametrize("role", [Role.CLERK, Role.SUPERVISOR, Role.OFFICE_MANAGER, Role.AUDITOR])
async def test_payouts_are_the_administrators(till: Till, role: Role) -> None:
    assert refusal(await ask(till, "/batches", {"method": "bank", "currency": "KHR"}, role)) == (403, "role-refused")
