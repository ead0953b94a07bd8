"""A shop announces: each order once, each draft with a number of its own, and nothing of one shop is another's."""

import asyncio

from shared.access.roles import Role
from shared.db.connection import Database
from tests.parcel.bodies import AWAY, HOME, RECIPIENT, keyed, person
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.drafts.shop import DRAFTS, SHOP, announce, announced, draft_body, one_body


async def rows(database: Database, table: str = "draft") -> int:
    async with database.connection() as connection:
        return int(await connection.fetchval(f"select count(*) from {table}"))


async def test_an_announced_parcel_has_a_short_number_and_no_item_number(counter: Counter) -> None:
    draft = await announced(counter, order_reference="W-1")

    assert (draft["state"], draft["source"], draft["office"]) == ("announced", "form", HOME)
    assert len(draft["number"]) == len("1000-8")
    assert draft["item_number"] is None
    assert draft["announced"]["recipient"]["name"] == RECIPIENT


async def test_the_same_order_again_is_the_same_draft(counter: Counter, parcel_db: Database) -> None:
    first = await announced(counter, order_reference="W-1")
    again = await announced(counter, order_reference="W-1")

    assert again["draft_id"] == first["draft_id"]
    assert await rows(parcel_db) == 1


async def test_an_order_with_other_content_is_refused(counter: Counter) -> None:
    await announced(counter, order_reference="W-1")

    other = await announce(counter, order_reference="W-1", weight_g=2_000)

    assert refusal(other) == (409, "order-known-otherwise")


async def test_a_withdrawn_order_may_be_announced_anew(counter: Counter) -> None:
    first = await announced(counter, order_reference="W-1")
    headers = counter.signed_in(Role.TRADER)
    withdrawn = await counter.client.post(f"/drafts/{first['draft_id']}/withdrawal", headers=headers)

    again = await announced(counter, order_reference="W-1", weight_g=2_000)

    assert (withdrawn.json()["state"], withdrawn.json()["announced"]) == ("withdrawn", None)
    assert again["draft_id"] != first["draft_id"]


async def test_two_at_once_with_one_order_make_one_draft(counter: Counter, parcel_db: Database) -> None:
    answers = await asyncio.gather(*(announce(counter, order_reference="W-1") for _ in range(4)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["draft_id"] for answer in answers}) == 1
    assert await rows(parcel_db) == 1


async def test_many_at_once_get_numbers_of_their_own(counter: Counter) -> None:
    answers = await asyncio.gather(*(announce(counter) for _ in range(8)))

    assert len({answer.json()["number"] for answer in answers}) == 8


async def test_of_a_list_each_is_judged_by_itself(counter: Counter, parcel_db: Database) -> None:
    await announced(counter, order_reference="W-1")
    drafts = [
        one_body(order_reference="W-1"),
        one_body(order_reference="W-2"),
        one_body(order_reference="W-2"),
        one_body(recipient=person(phone="999 999 999")),
        one_body(collecting_office="XX99Z"),
        one_body(order_reference="W-1", weight_g=1),
        one_body(),
    ]
    body = {"sender": draft_body()["sender"], "drafts": drafts}

    answer = await counter.client.post(f"{DRAFTS}/batch", json=body, headers=counter.signed_in(Role.TRADER) | keyed())

    assert answer.status_code == 200, answer.text
    results = answer.json()["results"]
    outcomes = ["known", "announced", "known", "refused", "refused", "refused", "announced"]
    assert [one["outcome"] for one in results] == outcomes
    assert results[1]["draft_id"] == results[2]["draft_id"]
    assert [one["errors"][0]["code"] for one in results if one["errors"]] == [
        "not-a-phone-number",
        "unknown-office",
        "order-known-otherwise",
    ]
    assert await rows(parcel_db) == 3


async def test_the_same_list_under_the_same_key_gives_the_same_bytes(counter: Counter) -> None:
    body = {"sender": draft_body()["sender"], "drafts": [one_body(), one_body()]}
    headers = counter.signed_in(Role.TRADER) | keyed()

    answers = [await counter.client.post(f"{DRAFTS}/batch", json=body, headers=headers) for _ in range(2)]

    assert answers[0].content == answers[1].content


async def test_another_shop_is_not_there(counter: Counter) -> None:
    assert refusal(await announce(counter, by=AWAY)) == (404, "trader-not-found")
    assert refusal(await announce(counter, Role.CLERK, AWAY)) == (404, "trader-not-found")


async def test_what_cannot_be_announced_is_refused_by_field(counter: Counter) -> None:
    answer = await announce(counter, recipient=person(phone="999"), collecting_office="XX99Z")
    assert answer.status_code == 422
    answer = await announce(counter, recipient=person(phone="999 999 999"), collecting_office="XX99Z")
    assert problems(answer) == [
        ("recipient.phone", "not-a-phone-number"),
        ("collecting_office", "unknown-office"),
    ]


async def test_a_sack_holds_what_is_loose_and_is_one_code_for_all(counter: Counter) -> None:
    made = [await announced(counter) for _ in range(3)]
    headers = counter.signed_in(Role.TRADER) | keyed()

    sack = (await counter.client.post(f"/traders/{SHOP}/sacks", json={"label": "Monday"}, headers=headers)).json()
    empty = await counter.client.post(f"/traders/{SHOP}/sacks", json={}, headers=headers | keyed())
    scanned = await counter.get(f"/sacks/{sack['sack_id']}")

    assert sack["code"] == f"CTCSACK:{sack['sack_id']}"
    assert {one["draft_id"] for one in sack["drafts"]} == {one["draft_id"] for one in made}
    assert refusal(empty) == (409, "sack-empty")
    assert scanned.json() == sack
    assert (await counter.get(f"/sacks/{sack['sack_id']}", by=AWAY)).status_code == 404


async def test_the_slip_of_a_sack_is_printed(counter: Counter) -> None:
    await announced(counter)
    headers = counter.signed_in(Role.TRADER) | keyed()
    sack = (await counter.client.post(f"/traders/{SHOP}/sacks", json={}, headers=headers)).json()

    paper = await counter.get(f"/sacks/{sack['sack_id']}/label", Role.TRADER)

    assert paper.status_code == 200, paper.text
    assert paper.content.startswith(b"%PDF")
