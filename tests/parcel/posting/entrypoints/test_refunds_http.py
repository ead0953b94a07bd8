"""Money back: asked for at the counter that was paid, decided by somebody else, never more than was paid."""

from typing import Any

import httpx
import pytest

from shared.access.roles import Role
from shared.db.connection import Database
from shared.ids import new_id
from tests.access.signed_in import BOUND_DISTRICT, actor_id, good
from tests.parcel.bodies import AWAY, HOME, keyed, parcel_body
from tests.parcel.counter import Counter, problems, refusal

PAID_RIEL = 5_000


async def ask(
    counter: Counter, number: str, key: str | None = None, role: Role = Role.CLERK, by: str = HOME, **values: Any
) -> httpx.Response:
    body = {"kind": "refund", "amount_minor": 1_500, "reason": "Weighed wrongly."} | values
    headers = counter.signed_in(role, by) | keyed(key)
    return await counter.client.post(f"/parcels/{number}/refunds", json=body, headers=headers)


async def decide(
    counter: Counter, request_id: object, role: Role = Role.SUPERVISOR, by: str = HOME, **values: Any
) -> httpx.Response:
    body = {"decision": "granted", "note": "Seen."} | values
    headers = counter.signed_in(role, by)
    return await counter.client.post(f"/refunds/{request_id}/decision", json=body, headers=headers)


async def waiting(counter: Counter, role: Role, by: str, **parameters: str) -> list[str]:
    answer = await counter.get("/refunds", role, by, **parameters)
    assert answer.status_code == 200, answer.text
    return [request["item_number"] for request in answer.json()]


async def test_a_request_is_asked_for_until_another_decides_and_all_is_on_record(counter: Counter) -> None:
    number = await counter.registered()
    asked = (await ask(counter, number)).json()
    assert (asked["state"], asked["asked_by"], asked["currency"]) == ("asked_for", "clerk-TK01A", "KHR")
    assert asked["decided_by"] is None
    assert await waiting(counter, Role.SUPERVISOR, HOME) == [number]

    decided = (await decide(counter, asked["request_id"])).json()

    assert (decided["state"], decided["decided_by"], decided["note"]) == ("granted", "supervisor-TK01A", "Seen.")
    assert {name: decided[name] for name in ("asked_by", "reason", "amount_minor", "asked_at")} == {
        name: asked[name] for name in ("asked_by", "reason", "amount_minor", "asked_at")
    }
    assert (await counter.get(f"/parcels/{number}/refunds")).json() == [decided]
    assert await waiting(counter, Role.SUPERVISOR, HOME) == []


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"amount_minor": PAID_RIEL}, None),
        ({"amount_minor": PAID_RIEL + 1}, ("amount_minor", "not-covered")),
        ({"amount_minor": 0}, ("amount_minor", "not-covered")),
        ({"kind": "void", "amount_minor": PAID_RIEL}, None),
        ({"kind": "void", "amount_minor": PAID_RIEL - 1}, ("amount_minor", "not-the-whole")),
        ({"amount_minor": -1}, ("amount_minor", "greater-than-equal")),
        ({"reason": ""}, ("reason", "string-too-short")),
        ({"kind": "gift"}, ("kind", "literal-error")),
    ],
    ids=str,
)
async def test_no_more_is_asked_for_than_was_paid(
    counter: Counter, values: dict[str, Any], expected: tuple[str, str] | None
) -> None:
    answer = await ask(counter, await counter.registered(), **values)

    assert (problems(answer) == [expected]) if expected else answer.status_code == 201, answer.text


@pytest.mark.parametrize("values", [{"payer": "recipient"}, {"payer": "cod", "cod": {"amount_minor": 50_000}}])
async def test_what_others_pay_later_is_not_given_back_here(counter: Counter, values: dict[str, Any]) -> None:
    number = await counter.registered(**values)

    assert problems(await ask(counter, number, amount_minor=1)) == [("amount_minor", "not-covered")]
    assert (await ask(counter, number, kind="void", amount_minor=0)).status_code == 201


async def test_a_second_request_waits_and_grants_add_up(counter: Counter) -> None:
    number = await counter.registered()
    first = (await ask(counter, number, amount_minor=4_000)).json()
    assert refusal(await ask(counter, number, amount_minor=1)) == (409, "refund-waiting")

    await decide(counter, first["request_id"])

    assert problems(await ask(counter, number, amount_minor=1_001)) == [("amount_minor", "not-covered")]
    assert (await ask(counter, number, amount_minor=1_000)).status_code == 201


async def test_the_same_key_and_body_ask_once(counter: Counter) -> None:
    number, other = await counter.registered(), await counter.registered()
    answers = [await ask(counter, number, key="k1") for _ in range(2)]

    assert answers[0].content == answers[1].content
    assert refusal(await ask(counter, number, key="k1", amount_minor=2)) == (422, "idempotency-key-reused")
    assert refusal(await ask(counter, other, key="k1")) == (422, "idempotency-key-reused")
    assert len((await counter.get(f"/parcels/{number}/refunds")).json()) == 1


@pytest.mark.parametrize(
    ("role", "by", "expected"),
    [
        (Role.SUPERVISOR, HOME, 200),
        (Role.OFFICE_MANAGER, HOME, 200),
        (Role.SUPERVISOR, AWAY, 200),
        (Role.OFFICE_MANAGER, AWAY, 200),
        (Role.ADMINISTRATOR, HOME, 200),
        (Role.CLERK, HOME, 403),
        (Role.AUDITOR, HOME, 403),
        (Role.TRADER, HOME, 403),
    ],
)
async def test_a_supervisor_or_manager_of_any_office_decides(
    counter: Counter, role: Role, by: str, expected: int
) -> None:
    asked = (await ask(counter, await counter.registered())).json()

    assert (await decide(counter, asked["request_id"], role, by)).status_code == expected


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OFFICE_MANAGER, Role.ADMINISTRATOR])
async def test_nobody_decides_their_own(counter: Counter, role: Role) -> None:
    asked = (await ask(counter, await counter.registered(), role=role)).json()

    assert refusal(await decide(counter, asked["request_id"], role)) == (403, "asked-by-yourself")


async def test_a_request_is_decided_once(counter: Counter) -> None:
    asked = (await ask(counter, await counter.registered())).json()
    await decide(counter, asked["request_id"], decision="refused")

    assert refusal(await decide(counter, asked["request_id"])) == (409, "refund-decided")
    assert refusal(await decide(counter, new_id())) == (404, "refund-not-found")


async def test_another_office_neither_asks_nor_sees(counter: Counter) -> None:
    number = await counter.registered()
    await ask(counter, number)

    assert refusal(await ask(counter, number, by=AWAY)) == (404, "parcel-not-found")
    assert refusal(await counter.get(f"/parcels/{number}/refunds", by=AWAY)) == (404, "parcel-not-found")
    assert refusal(await counter.get("/refunds", by=AWAY, office=HOME)) == (403, "other-office")
    assert await waiting(counter, Role.CLERK, AWAY) == []
    assert await waiting(counter, Role.SUPERVISOR, AWAY) == []
    assert await waiting(counter, Role.SUPERVISOR, AWAY, office=HOME) == [number]
    assert await waiting(counter, Role.AUDITOR, AWAY) == [number]


async def test_a_parcel_without_a_price_is_left_to_people(counter: Counter, parcel_db: Database) -> None:
    number = (await counter.register(parcel_body())).json()["item_number"]
    async with parcel_db.connection() as connection:
        await connection.execute("update parcel set postage = null")

    assert refusal(await ask(counter, number)) == (409, "no-price-kept")


async def decided_by(counter: Counter, actor: str, request_id: object) -> httpx.Response:
    path = f"/refunds/{request_id}/decision"
    return await counter.client.post(path, json={"decision": "granted"}, headers=good(counter.key, actor))


async def moved_to_another_district(counter: Counter, office: str) -> None:
    body = {"name_km": office, "name_en": office, "office_kind": "ctc", "district_code": "2102"}
    headers = counter.signed_in(Role.ADMINISTRATOR)
    assert (await counter.client.put(f"/offices/{office}", json=body, headers=headers)).status_code == 200


async def test_somebody_of_the_district_sees_and_decides_for_every_office_of_it(counter: Counter) -> None:
    number = await counter.registered()
    asked = (await ask(counter, number)).json()
    headers = good(counter.key, BOUND_DISTRICT[AWAY])

    listed = await counter.client.get("/refunds", headers=headers)
    decided = await decided_by(counter, BOUND_DISTRICT[AWAY], asked["request_id"])

    assert [one["item_number"] for one in listed.json()] == [number]
    assert (decided.json()["state"], decided.json()["decided_by"]) == ("granted", BOUND_DISTRICT[AWAY])


async def test_a_request_of_another_district_is_not_there(counter: Counter) -> None:
    asked = (await ask(counter, await counter.registered())).json()
    await moved_to_another_district(counter, AWAY)
    headers = good(counter.key, BOUND_DISTRICT[AWAY])

    missing = await decided_by(counter, BOUND_DISTRICT[AWAY], new_id())
    answer = await decided_by(counter, BOUND_DISTRICT[AWAY], asked["request_id"])
    nobodys = await decided_by(counter, actor_id(Role.DISTRICT, HOME), asked["request_id"])

    assert refusal(answer) == refusal(nobodys) == (404, "refund-not-found")
    assert answer.content == missing.content
    assert (await counter.client.get("/refunds", headers=headers)).json() == []
    elsewhere = await counter.client.get("/refunds", params={"office": HOME}, headers=headers)
    assert refusal(elsewhere) == (403, "other-office")
    assert (await decided_by(counter, BOUND_DISTRICT[HOME], asked["request_id"])).status_code == 200
