"""Items from abroad over HTTP: one from Korea from take-in to its papers, told once, seen by few."""

from typing import Any

import pytest

from shared.access.roles import Role
from shared.contracts.parcel import ParcelContactsV1
from shared.db.connection import Database
from shared.ids import new_id
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import AWAY, HOME, RECIPIENT, THIRD
from tests.parcel.counter import problems, refusal
from tests.parcel.customs.desk import INBOUND, PHOTO, Desk, content_body, hand_body, itmatt_body

CHARGES = {"duty_minor": 12_000, "fees": [{"code": "handling", "amount_minor": 4_000}], "currency": "KHR"}
WANTED = {"wanted": "Invoice of the shop"}


async def test_an_item_from_korea_is_taken_in_charged_and_its_papers_sent_on(
    desk: Desk, parcel_db: Database, key_ring: KeyRing
) -> None:
    ahead = await desk.take_in_ahead()
    taken = await desk.take_in()
    charged = (await desk.put("charges", CHARGES)).json()
    asked = (await desk.put("papers-asked", WANTED)).json()
    paper = await desk.attach(by=AWAY)
    forwarded = (await desk.put("papers-forwarded", by=AWAY)).json()
    paid = (await desk.put("paid", by=AWAY)).json()
    shown = await desk.seen()
    photo = await desk.ask("GET", f"/inbound-items/{INBOUND}/papers/{paper.json()['paper_id']}")

    assert (ahead.status_code, taken.status_code, paper.status_code) == (201, 201, 201)
    assert (taken.json()["source"], taken.json()["collecting_office"]) == ("itmatt", AWAY)
    assert taken.json()["content"]["articles"][0]["description"] == "ginseng tea"
    assert (charged["charges"]["total_minor"], charged["payment"]) == (16_000, "due")
    assert (asked["papers"], asked["holding_office"], asked["papers_wanted"]) == (
        "asked_for",
        HOME,
        "Invoice of the shop",
    )
    assert (forwarded["holding_office"], forwarded["papers"]) == (HOME, [paper.json()])
    assert (paid["payment"], shown["item"]["papers"], shown["papers"]) == ("paid", "forwarded", [paper.json()])
    assert (photo.content, photo.headers["content-type"]) == (PHOTO, "image/jpeg")
    contacts = await told.events(parcel_db, key_ring, INBOUND)
    assert [event.version for event in contacts if isinstance(event, ParcelContactsV1)] == [1, 2, 4]
    assert [
        (event.recipient.phone, event.papers_wanted) for event in contacts if isinstance(event, ParcelContactsV1)
    ] == [("+855971234567", None), ("+855971234567", None), ("+855971234567", "Invoice of the shop")]


async def test_the_same_key_takes_an_item_in_once(desk: Desk, parcel_db: Database, key_ring: KeyRing) -> None:
    answers = [await desk.take_in(key="k-1") for _ in range(3)]

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(await told.events(parcel_db, key_ring, INBOUND)) == 1
    assert refusal(await desk.take_in(key="k-2")) == (409, "already-taken-in")
    assert refusal(await desk.take_in(hand_body(sender_name="Lee"), key="k-1")) == (422, "idempotency-key-reused")


async def test_an_item_waits_where_it_was_taken_in_unless_said(desk: Desk) -> None:
    assert (await desk.taken_in(collecting_office=None))["collecting_office"] == HOME


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"item_number": "RR000164273KH"}, [("item_number", "cambodian-number")]),
        ({"item_number": "CP123456786KR"}, [("item_number", "check-digit")]),
        ({"item_number": "hello"}, [("item_number", "item-number-shape")]),
        ({"collecting_office": "TK99Z"}, [("collecting_office", "unknown-office")]),
        ({"addressee": {"name": RECIPIENT, "phone": "12 34 56"}}, [("addressee.phone", "not-a-phone-number")]),
        ({"addressee": {"name": " "}}, [("addressee.name", "string-too-short")]),
        (
            {"item_number": "x", "addressee": {"name": RECIPIENT, "phone": "1234567"}},
            [("item_number", "item-number-shape"), ("addressee.phone", "not-a-phone-number")],
        ),
    ],
)
async def test_what_cannot_be_taken_in_is_named_by_its_field(
    desk: Desk, change: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    answer = await desk.take_in(hand_body(**change))

    assert (answer.status_code, problems(answer)) == (422, expected)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"item_number": "RR000164273KH"}, ("item_number", "cambodian-number")),
        ({"item_number": "CP123456786KR"}, ("itmatt.item_number", "value-error")),
        ({"total_weight_g": 900.5}, ("itmatt.total_weight_g", "int-type")),
        ({"currency": "XYZ"}, ("itmatt.currency", "value-error")),
    ],
)
async def test_advance_data_that_cannot_be_read_is_named_by_its_element(
    desk: Desk, change: dict[str, Any], expected: tuple[str, str]
) -> None:
    answer = await desk.take_in_ahead(itmatt_body(**change))

    assert (answer.status_code, problems(answer)) == (422, [expected])


async def test_what_an_item_holds_is_read_off_its_form_and_read_back(desk: Desk) -> None:
    taken = await desk.taken_in(content=content_body(total_weight_g=900, total_value_minor=21_000))

    assert (taken["content_by_hand"], taken["content"]["item_number"]) == (True, INBOUND)
    assert (taken["content"]["sender"]["name"], taken["content"]["sender"]["country"]) == ("Kim Minji", "KR")
    assert (taken["content"]["addressee"]["name"], taken["content"]["addressee"]["phone"]) == (
        RECIPIENT,
        "+855971234567",
    )
    articles = [{key: value for key, value in one.items() if value} for one in taken["content"]["articles"]]
    assert articles == content_body()["lines"]
    assert (taken["content"]["category"], taken["content"]["currency"]) == ("gift", "KRW")
    assert (taken["content"]["total_weight_g"], taken["content"]["total_value_minor"]) == (900, 21_000)
    assert (await desk.seen())["item"] == taken


async def test_what_the_form_says_of_the_whole_may_be_left_out(desk: Desk) -> None:
    lines = [*content_body()["lines"], {"description": "Cup", "quantity": 1, "net_weight_g": 50, "value_minor": 0}]

    content = (await desk.taken_in(content=content_body(lines=lines)))["content"]

    assert (content["total_weight_g"], content["total_value_minor"]) == (750, 20_000)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"total_weight_g": 699}, [("content.lines", "heavier-than-item")]),
        ({"total_value_minor": 19_999}, [("content.total_value_minor", "less-than-lines")]),
        (
            {"total_weight_g": 1, "total_value_minor": 0},
            [("content.lines", "heavier-than-item"), ("content.total_value_minor", "less-than-lines")],
        ),
        (
            {"lines": [{"description": "Tea", "quantity": 1, "net_weight_g": 60_000, "value_minor": 1}] * 2},
            [("content.lines", "heavier-than-item")],
        ),
        ({"lines": []}, [("content.lines", "too-short")]),
        ({"currency": "XYZ"}, [("content.currency", "value-error")]),
        ({"category": "present"}, [("content.category", "enum")]),
        (
            {"lines": [{"description": " ", "quantity": 0, "net_weight_g": 1, "value_minor": -1}]},
            [
                ("content.lines.0.description", "string-too-short"),
                ("content.lines.0.quantity", "greater-than-equal"),
                ("content.lines.0.value_minor", "greater-than-equal"),
            ],
        ),
    ],
)
async def test_content_that_cannot_be_is_named_by_its_field(
    desk: Desk, change: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    answer = await desk.take_in(hand_body(content=content_body(**change)))

    assert (answer.status_code, problems(answer)) == (422, expected)


async def test_what_is_wrong_with_the_content_is_told_with_all_else(desk: Desk) -> None:
    body = hand_body(item_number="hello", content=content_body(total_weight_g=1))

    assert problems(await desk.take_in(body)) == [
        ("item_number", "item-number-shape"),
        ("content.lines", "heavier-than-item"),
    ]


async def test_what_the_post_tells_of_the_content_takes_the_place_of_what_was_read(desk: Desk) -> None:
    await desk.taken_in(content=content_body(category="other"))

    told = (await desk.take_in_ahead()).json()

    assert (told["content"]["category"], told["content_by_hand"], told["addressee_by_hand"]) == ("gift", False, True)


async def test_what_the_post_told_of_the_content_stays_when_an_item_is_completed(desk: Desk) -> None:
    told = (await desk.take_in_ahead()).json()

    completed = await desk.taken_in(content=content_body(category="other"))

    assert (completed["content"], completed["content_by_hand"]) == (told["content"], False)


async def test_those_of_no_office_name_the_one_they_act_for(desk: Desk) -> None:
    without = await desk.take_in(role=Role.ADMINISTRATOR)
    named = await desk.take_in(hand_body(office=THIRD), role=Role.ADMINISTRATOR)

    assert problems(without) == [("office", "missing")]
    assert named.json()["taking_office"] == THIRD


async def test_nobody_takes_in_for_another_office(desk: Desk) -> None:
    assert refusal(await desk.take_in(hand_body(office=AWAY))) == (403, "other-office")


@pytest.mark.parametrize(("what", "body"), [("charges", CHARGES), ("paid", None), ("papers-asked", WANTED)])
async def test_an_office_that_has_nothing_to_do_with_an_item_does_not_find_it(
    desk: Desk, what: str, body: dict[str, Any] | None
) -> None:
    await desk.taken_in(collecting_office=HOME)

    assert refusal(await desk.put(what, body, by=AWAY)) == (404, "inbound-item-not-found")
    assert (await desk.seen())["item"]["version"] == 1


async def test_a_paper_is_attached_at_any_counter_and_shows_it_nothing(desk: Desk) -> None:
    await desk.taken_in(collecting_office=HOME)
    await desk.put("papers-asked", WANTED)

    paper = await desk.attach(by=AWAY)

    assert set(paper.json()) == {"paper_id", "kind", "office", "taken_at"}
    assert paper.json()["office"] == AWAY
    assert (await desk.ask("GET", f"/inbound-items/{INBOUND}", by=AWAY)).status_code == 404
    path = f"/inbound-items/{INBOUND}/papers/{paper.json()['paper_id']}"
    assert refusal(await desk.ask("GET", path, by=AWAY)) == (404, "inbound-item-not-found")


async def test_a_number_without_papers_asked_for_is_refused_alike_whether_it_is_there_or_not(desk: Desk) -> None:
    nobody = [await desk.attach(by=by) for by in (HOME, AWAY)]
    on_nobody = await desk.put("papers-forwarded", by=AWAY)
    await desk.taken_in(collecting_office=HOME)
    none_asked = [await desk.attach(by=by) for by in (HOME, AWAY)]
    on_none_asked = await desk.put("papers-forwarded", by=AWAY)
    await desk.put("papers-asked", WANTED)
    on_asked = await desk.put("papers-forwarded", by=AWAY)

    answers = [*nobody, on_nobody, *none_asked, on_none_asked, on_asked]
    assert {refusal(answer) for answer in answers} == {(404, "no-papers-asked-for")}
    assert len({answer.content for answer in answers}) == 1
    shown = [{name: value for name, value in answer.headers.items() if name != "x-trace-id"} for answer in answers]
    assert all(headers == shown[0] for headers in shown)


async def test_a_paper_is_withdrawn_where_it_was_attached_and_the_reason_is_shown(desk: Desk) -> None:
    await desk.taken_in(collecting_office=HOME)
    await desk.put("papers-asked", WANTED | {"office": THIRD}, role=Role.ADMINISTRATOR)
    paper_id = (await desk.attach()).json()["paper_id"]
    path, why = f"papers/{paper_id}/withdrawal", {"reason": "Another item's invoice"}

    stranger = await desk.put(path, why, by=AWAY)
    unknown = await desk.put(f"papers/{new_id()}/withdrawal", why, by=AWAY)
    withdrawn = await desk.put(path, why)
    shown = await desk.seen()

    assert refusal(stranger) == (404, "paper-not-found")
    assert stranger.content == unknown.content
    assert (withdrawn.status_code, withdrawn.json()["reason"]) == (200, "Another item's invoice")
    assert (shown["papers"], shown["withdrawn_papers"]) == ([], [withdrawn.json()])
    assert shown["item"]["papers"] == "asked_for"
    gone = await desk.ask("GET", f"/inbound-items/{INBOUND}/papers/{paper_id}")
    assert refusal(gone) == (404, "paper-not-found")
    assert ("paper withdrawn", "clerk-TK01A", HOME) in await reads_of(desk)


async def test_a_paper_is_not_withdrawn_without_a_reason(desk: Desk) -> None:
    await desk.taken_in()
    await desk.put("papers-asked", WANTED)
    paper_id = (await desk.attach()).json()["paper_id"]

    assert problems(await desk.put(f"papers/{paper_id}/withdrawal", {"reason": " "})) == [
        ("reason", "string-too-short")
    ]
    assert len((await desk.seen())["papers"]) == 1


async def test_what_is_no_photograph_is_refused(desk: Desk) -> None:
    await desk.taken_in()
    await desk.put("papers-asked", WANTED)

    assert problems(await desk.attach(b"GIF89a")) == [("photo", "not-a-photograph")]


async def test_the_auditor_sees_an_item_and_changes_nothing(desk: Desk) -> None:
    await desk.taken_in()

    assert (await desk.seen(role=Role.AUDITOR))["item"]["addressee"]["name"] == RECIPIENT
    assert refusal(await desk.put("charges", CHARGES, role=Role.AUDITOR)) == (403, "role-refused")


async def reads_of(desk: Desk) -> list[tuple[str, str, str]]:
    """Return who read the item by what, the first first."""
    reads = (await desk.ask("GET", f"/parcels/{INBOUND}/reads", role=Role.AUDITOR)).json()
    return [(read["what"], read["actor"], read["office"]) for read in reversed(reads)]


async def test_each_look_at_an_item_and_at_a_paper_is_on_record(desk: Desk) -> None:
    await desk.taken_in()
    await desk.put("papers-asked", WANTED)
    paper = (await desk.attach()).json()["paper_id"]
    await desk.seen(by=AWAY)
    await desk.ask("GET", f"/inbound-items/{INBOUND}/papers/{paper}")

    assert await reads_of(desk) == [
        ("papers asked for", "clerk-TK01A", HOME),
        ("inbound item", "clerk-TK02A", AWAY),
        ("customs paper", "clerk-TK01A", HOME),
    ]


async def test_an_answer_that_shows_the_addressee_is_a_look_as_well(desk: Desk) -> None:
    await desk.taken_in()
    await desk.put("charges", CHARGES)
    await desk.put("paid", by=AWAY)
    assert [what for what, _, _ in await reads_of(desk)] == ["charges", "payment"]


async def test_what_was_refused_is_no_look(desk: Desk) -> None:
    await desk.taken_in(collecting_office=HOME)
    await desk.put("papers-asked", WANTED)
    before = await reads_of(desk)
    for path in ("", f"/papers/{new_id()}"):
        assert (await desk.ask("GET", f"/inbound-items/{INBOUND}{path}", by=AWAY)).status_code == 404
    assert (await desk.ask("GET", f"/inbound-items/{INBOUND}/papers/{new_id()}")).status_code == 404
    assert (await desk.put("charges", CHARGES, by=AWAY)).status_code == 404
    assert await reads_of(desk) == before


async def test_a_place_of_the_addressee_is_checked_and_kept(desk: Desk) -> None:
    addressee = {"name": RECIPIENT, "phone": "097 123 4567"}
    wrong = await desk.take_in(hand_body(addressee=addressee | {"place": "99", "phone": "012 345"}))
    assert problems(wrong) == [("addressee.phone", "not-a-phone-number"), ("addressee.place", "place-not-found")]
    taken = await desk.take_in(hand_body(addressee=addressee | {"place": "21090101", "postal_code": "២១០៩០១"}))
    assert [taken.json()["addressee"][part] for part in ("place", "postal_code")] == ["21090101", "210901"]
    assert (await desk.seen())["item"]["addressee"] == taken.json()["addressee"]


async def test_the_addressee_hears_which_papers_are_asked_for(
    desk: Desk, parcel_db: Database, key_ring: KeyRing
) -> None:
    await desk.taken_in()
    await desk.put("papers-asked", WANTED)

    first, asked = await told.events(parcel_db, key_ring, INBOUND)
    assert isinstance(first, ParcelContactsV1)
    assert isinstance(asked, ParcelContactsV1)
    assert (first.papers_wanted, asked.papers_wanted) == (None, WANTED["wanted"])
    assert asked.version > first.version
    assert asked.recipient == first.recipient


async def test_nobody_hears_of_papers_while_no_phone_is_known(
    desk: Desk, parcel_db: Database, key_ring: KeyRing
) -> None:
    await desk.taken_in(addressee={"name": RECIPIENT})
    assert (await desk.put("papers-asked", WANTED)).status_code == 200

    assert await told.events(parcel_db, key_ring, INBOUND) == []
