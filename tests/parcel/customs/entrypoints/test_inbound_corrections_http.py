"""A mistyped addressee and a wrong number over HTTP: put right by those who see the item, and not there for others."""

from datetime import timedelta
from typing import Any

import pytest

from services.parcel.customs.use_cases.erase_inbound_people import erase_inbound_people
from services.parcel.customs.use_cases.follow_inbound_items import follow_inbound_items
from shared.access.roles import Role
from shared.clock import now
from shared.contracts.parcel import ParcelContactsV1
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging.outbox import TOMBSTONE, Outbox
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import AWAY, HOME, RECIPIENT, THIRD
from tests.parcel.counter import problems, refusal
from tests.parcel.customs.desk import INBOUND, Desk, content_body, hand_body, itmatt_body
from tests.parcel.moved import moved

SOPHEA = {"name": "Chan Sophea", "phone": "០១១ ២២២ ៣៣៣", "language": "en", "address": ["Bati"], "place": "210201"}
CORRECTED = {"addressee": SOPHEA, "collecting_office": THIRD}
WITHDRAWN = f"/inbound-items/{INBOUND}/withdrawal"
LONG_AGO = now() - timedelta(days=400)
WRONG = {"reason": "wrong_number"}


async def phones_told(database: Database, key_ring: KeyRing) -> list[str]:
    async with database.connection() as connection:
        await connection.execute("delete from outbox where type = $1", TOMBSTONE)
    events = await told.events(database, key_ring, INBOUND)
    return [event.recipient.phone for event in events if isinstance(event, ParcelContactsV1)]


async def test_a_mistyped_phone_is_corrected_and_the_item_sent_to_wait_elsewhere(
    desk: Desk, parcel_db: Database, key_ring: KeyRing
) -> None:
    await desk.taken_in()

    answer = await desk.put("addressee", CORRECTED, by=AWAY)

    assert answer.status_code == 200, answer.text
    corrected = answer.json()
    assert corrected["addressee"] == SOPHEA | {"phone": "+85511222333", "postal_code": None}
    assert (corrected["collecting_office"], corrected["version"], corrected["addressee_by_hand"]) == (THIRD, 2, True)
    assert (await desk.seen())["item"] == corrected
    assert await phones_told(parcel_db, key_ring) == ["+855971234567", "+85511222333"]


async def test_content_that_was_read_off_a_form_goes_with_the_corrected_addressee(desk: Desk) -> None:
    await desk.taken_in(content=content_body())

    content = (await desk.put("addressee", CORRECTED)).json()["content"]

    assert (content["addressee"]["name"], content["addressee"]["phone"]) == ("Chan Sophea", "+85511222333")
    assert content["articles"][0]["description"] == "ginseng tea"


async def test_who_corrected_what_is_shown_beside_the_item(desk: Desk) -> None:
    taken = await desk.taken_in()
    corrected = (await desk.put("addressee", CORRECTED, by=AWAY)).json()

    (correction,) = (await desk.seen(role=Role.AUDITOR))["corrections"]

    assert correction.pop("corrected_at")
    assert correction == {
        "version": 2,
        "was": taken["addressee"],
        "became": corrected["addressee"],
        "waited_at": AWAY,
        "waits_at": THIRD,
        "corrected_by": "clerk-TK02A",
        "office": AWAY,
    }


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"addressee": {"name": RECIPIENT, "phone": "12 34 56"}}, [("addressee.phone", "not-a-phone-number")]),
        ({"addressee": {"name": RECIPIENT, "place": "99"}}, [("addressee.place", "place-not-found")]),
        ({"addressee": {"name": " "}}, [("addressee.name", "string-too-short")]),
        ({"addressee": SOPHEA, "collecting_office": "TK99Z"}, [("collecting_office", "unknown-office")]),
        ({"collecting_office": THIRD}, [("addressee", "missing")]),
    ],
)
async def test_what_cannot_be_an_addressee_is_named_by_its_field(
    desk: Desk, body: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    await desk.taken_in()

    assert problems(await desk.put("addressee", body)) == expected
    assert (await desk.seen())["item"]["version"] == 1


async def test_others_are_told_byte_for_byte_that_there_is_no_such_item(desk: Desk) -> None:
    asked = [("PUT", f"/inbound-items/{INBOUND}/addressee", {"addressee": SOPHEA}), ("POST", WITHDRAWN, WRONG)]
    unknown = [await desk.ask(*one, role=Role.SUPERVISOR, by=AWAY) for one in asked]
    await desk.taken_in(collecting_office=HOME)

    foreign = [await desk.ask(*one, role=Role.SUPERVISOR, by=AWAY) for one in asked]

    assert [refusal(answer) for answer in foreign] == [(404, "inbound-item-not-found")] * 2
    assert [answer.content for answer in foreign] == [answer.content for answer in unknown]
    assert (await desk.seen())["item"]["version"] == 1


async def test_after_the_hand_over_neither_is_done(desk: Desk, parcel_db: Database) -> None:
    await desk.taken_in()
    async with parcel_db.transaction() as tx:
        await follow_inbound_items(tx, [moved(INBOUND, 1, CustomerState.DELIVERED, office=AWAY)])

    assert refusal(await desk.put("addressee", CORRECTED)) == (409, "inbound-item-over")
    assert refusal(await desk.ask("POST", WITHDRAWN, WRONG, role=Role.SUPERVISOR)) == (409, "inbound-item-over")


async def test_after_the_hand_over_nothing_is_charged_and_no_papers_are_asked_for(
    desk: Desk, parcel_db: Database
) -> None:
    await desk.taken_in()
    async with parcel_db.transaction() as tx:
        await follow_inbound_items(tx, [moved(INBOUND, 1, CustomerState.DELIVERED, office=AWAY)])
    before = await desk.seen()
    charges = {"duty_minor": 1_000, "fees": [], "currency": "KHR"}

    assert refusal(await desk.put("charges", charges)) == (409, "inbound-item-over")
    assert refusal(await desk.put("papers-asked", {"wanted": "an invoice"})) == (409, "inbound-item-over")
    assert (await desk.seen())["item"] == before["item"]


async def test_a_second_message_of_the_post_says_what_a_clerk_wrote_before(desk: Desk) -> None:
    other = {"name": "Sok Dara", "country": "KH", "phone": "012 345 678", "address": ["Bati"]}
    assert (await desk.take_in_ahead()).json()["addressee_by_hand"] is False
    again = (await desk.take_in_ahead(itmatt_body(addressee=other))).json()
    assert (again["addressee"]["name"], again["addressee_by_hand"]) == ("Sok Dara", False)
    await desk.put("addressee", {"addressee": SOPHEA})

    late = (await desk.take_in_ahead()).json()

    assert (late["addressee"]["name"], late["addressee_by_hand"]) == ("Chan Sophea", True)
    assert late["content"]["addressee"]["name"] == RECIPIENT


async def test_a_supervisor_withdraws_a_wrong_number_and_it_is_free_again(
    desk: Desk, parcel_db: Database, key_ring: KeyRing
) -> None:
    await desk.taken_in()
    assert refusal(await desk.ask("POST", WITHDRAWN, WRONG)) == (403, "role-refused")

    answer = await desk.ask("POST", WITHDRAWN, WRONG, role=Role.SUPERVISOR)

    assert answer.status_code == 200, answer.text
    assert (answer.json()["withdrawn_for"], answer.json()["addressee"]["name"]) == ("wrong_number", "")
    other = await desk.take_in({"item_number": INBOUND, "sender_name": "Lee", "addressee": SOPHEA}, by=AWAY)
    assert (other.status_code, other.json()["taking_office"]) == (201, AWAY)
    assert await phones_told(parcel_db, key_ring) == ["+855971234567", "+85511222333"]
    assert refusal(await desk.ask("GET", f"/inbound-items/{INBOUND}", by=HOME)) == (404, "inbound-item-not-found")


async def test_the_answer_to_a_withdrawal_does_not_show_whom_the_number_names(desk: Desk, parcel_db: Database) -> None:
    await desk.taken_in(collecting_office=HOME)
    async with parcel_db.transaction() as tx:
        await follow_inbound_items(tx, [moved(INBOUND, 1, CustomerState.AT_CUSTOMS, office=AWAY)])
    other = {"name": "Sok Dara", "country": "KH", "phone": "012 345 678", "address": ["Bati"]}
    assert (await desk.take_in_ahead(itmatt_body(addressee=other), by=AWAY)).status_code == 201

    answer = await desk.ask("POST", WITHDRAWN, WRONG, role=Role.SUPERVISOR)

    assert (answer.status_code, answer.json()["withdrawn_for"]) == (200, "wrong_number")
    assert [personal for personal in ("Dara", "+85512345678", "Bati", RECIPIENT) if personal in answer.text] == []
    assert refusal(await desk.ask("GET", f"/inbound-items/{INBOUND}")) == (404, "inbound-item-not-found")
    shown = (await desk.seen(by=AWAY))["item"]
    assert (shown["addressee"]["name"], shown["taking_office"], shown["state"]) == ("Sok Dara", AWAY, "at_customs")


async def test_a_withdrawal_that_is_sent_again_is_answered_alike(desk: Desk) -> None:
    await desk.taken_in()
    withdrawn = [await desk.ask("POST", WITHDRAWN, WRONG, role=Role.SUPERVISOR, key="w-1") for _ in range(2)]
    await desk.take_in(hand_body(sender_name="Lee"), by=AWAY)

    withdrawn.append(await desk.ask("POST", WITHDRAWN, WRONG, role=Role.SUPERVISOR, key="w-1"))

    assert {answer.status_code for answer in withdrawn} == {200}
    assert len({answer.content for answer in withdrawn}) == 1
    assert (await desk.seen(by=AWAY))["item"]["sender_name"] == "Lee"
    other = await desk.ask("POST", WITHDRAWN, {"reason": "other"}, role=Role.SUPERVISOR, key="w-1")
    assert refusal(other) == (422, "idempotency-key-reused")


async def test_a_program_without_a_key_still_withdraws(desk: Desk) -> None:
    await desk.taken_in()
    headers = desk.counter.signed_in(Role.SUPERVISOR)

    answers = [await desk.counter.client.post(WITHDRAWN, json=WRONG, headers=headers) for _ in range(2)]

    assert answers[0].status_code == 200
    assert refusal(answers[1]) == (409, "inbound-item-over")


async def answers_kept(database: Database) -> str:
    async with database.connection() as connection:
        return "\n".join(row[0] for row in await connection.fetch("select encode(answer, 'escape') from request"))


@pytest.mark.parametrize("over", ["withdrawn", "erased"])
async def test_no_kept_answer_names_the_people_of_an_item_that_is_forgotten(
    desk: Desk, parcel_db: Database, key_ring: KeyRing, over: str
) -> None:
    personal = ("Chan Sophea", "+85511222333", "Bati", "Kim Minji")
    await desk.take_in(hand_body(addressee=SOPHEA), key="by-hand")
    await desk.take_in_ahead(key="ahead")
    await desk.take_in(hand_body(item_number="CP473124829GB", sender_name="Lee"))
    assert [one for one in personal if one not in await answers_kept(parcel_db)] == []

    if over == "withdrawn":
        assert (await desk.ask("POST", WITHDRAWN, WRONG, role=Role.SUPERVISOR)).status_code == 200
    else:
        async with parcel_db.transaction() as tx:
            await tx.execute("update inbound_item set ended_at = $1 where item_number = $2", LONG_AGO, INBOUND)
            await erase_inbound_people(tx, Outbox("parcel", key_ring), timedelta(days=180), now())

    assert [one for one in personal if one in await answers_kept(parcel_db)] == []
    assert "Lee" in await answers_kept(parcel_db), "the answer of another item stays"
    for again in (
        await desk.take_in(hand_body(addressee=SOPHEA), key="by-hand"),
        await desk.take_in_ahead(key="ahead"),
    ):
        assert refusal(again) == (409, "answer-forgotten")
    assert [one for one in personal if one in await answers_kept(parcel_db)] == []


async def test_no_words_are_taken_for_why_it_is_withdrawn(desk: Desk) -> None:
    await desk.taken_in()

    answer = await desk.ask("POST", WITHDRAWN, {"reason": "Sok Dara said so"}, role=Role.SUPERVISOR)

    assert problems(answer) == [("reason", "enum")]
