"""Items from abroad stand in a list, and are found by addressee, within what an office has to do with."""

import csv
import io
import itertools
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from services.parcel.customs.domain.inbound import Charges, Fee, InboundItem, Payment
from services.parcel.customs.entrypoints import inbound_list_http
from services.parcel.customs.entrypoints.inbound_table import COLUMNS
from services.parcel.customs.use_cases.ask_for_papers import ask_for_papers
from services.parcel.customs.use_cases.erase_inbound_people import erase_inbound_people
from services.parcel.posting.entrypoints.consumers import on_parcel_moved
from shared.access.roles import Role
from shared.clock import LOCAL, now
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from shared.sealing import KeyRing
from tests.access.callers import DISTRICT_OF_AN_OFFICE
from tests.parcel.bodies import AWAY, HOME, RECIPIENT, THIRD
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.customs.desk import INBOUND, Desk
from tests.parcel.customs.findable import find_words, item, store
from tests.parcel.customs.inbound import NOON, TAKER, there
from tests.parcel.moved import moved

HELD, ARRIVED = CustomerState.HELD, CustomerState.ARRIVED
SOK, VONG = ("Sok Dara", "+85512345678"), ("Vong Pisey", "+85511987654")
ITEMS = [
    item(
        serial,
        *who,
        taking_office=taking,
        collecting_office=collecting,
        holding_office=HOME if state is HELD else None,
        state=state,
        received_at=NOON + timedelta(days=serial % 2),
    )
    for serial, (who, (taking, collecting), state) in enumerate(
        itertools.product((SOK, VONG), ((HOME, AWAY), (THIRD, None), (AWAY, THIRD)), (None, HELD, ARRIVED))
    )
]
"""Two addressees, three ways through offices, three states, on two days; some at the same instant."""
DAY = (NOON + timedelta(days=1)).astimezone(LOCAL).date().isoformat()
QUESTIONS: dict[str, tuple[object, Callable[[InboundItem], bool]]] = {
    "q": ("ពិសី", lambda one: one.addressee.name == "Vong Pisey"),
    "phone": ("011 987 654", lambda one: one.addressee.phone == "+85511987654"),
    "state": ("held", lambda one: one.state is HELD),
    "office": (HOME, lambda one: HOME in offices(one)),
    "since": (DAY, lambda one: one.received_at > NOON),
}


def offices(one: InboundItem) -> set[str | None]:
    return {one.taking_office, one.collecting_office, one.holding_office}


async def whole(counter: Counter, role: Role, by: str, limit: int, **asked: Any) -> list[str]:
    """Return the numbers of all items of a list, read page by page."""
    numbers: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = await counter.get("/inbound-items", role, by, limit=limit, **asked, **cursor)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        numbers += [one["item_number"] for one in page["items"]]
        if page["next_cursor"] is None:
            return numbers
        cursor = {"cursor": page["next_cursor"]}


async def found(counter: Counter, by: str = HOME, **asked: Any) -> list[str]:
    return await whole(counter, Role.CLERK, by, 200, **asked)


@pytest.mark.parametrize(("role", "by"), [(Role.AUDITOR, HOME), (Role.CLERK, HOME), (Role.CLERK, AWAY)])
async def test_all_filters_combine_within_what_one_sees(
    counter: Counter, parcel_db: Database, role: Role, by: str
) -> None:
    await store(parcel_db, ITEMS)
    newest_first = sorted(ITEMS, key=lambda one: (one.received_at, one.item_number), reverse=True)
    seen = [one for one in newest_first if role is Role.AUDITOR or by in offices(one)]
    assert 0 < len(seen) <= len(ITEMS)
    asked_for = [name for name in QUESTIONS if role is Role.AUDITOR or (name, by) != ("office", AWAY)]
    for count in range(len(asked_for) + 1):
        for names in itertools.combinations(asked_for, count):
            expected = [one.item_number for one in seen if all(QUESTIONS[name][1](one) for name in names)]
            asked = {name: QUESTIONS[name][0] for name in names}
            assert await whole(counter, role, by, 4, **asked) == expected, names


async def test_the_last_day_is_in_the_list(counter: Counter, parcel_db: Database) -> None:
    numbers = await store(parcel_db, [item(0), item(24)])
    today, tomorrow = ((NOON + timedelta(days=days)).astimezone(LOCAL).date().isoformat() for days in (0, 1))
    assert await found(counter, until=today) == numbers[:1]
    assert await found(counter, since=today, until=tomorrow) == numbers[::-1]


async def test_what_comes_in_meanwhile_shifts_no_page(counter: Counter, parcel_db: Database) -> None:
    numbers = await store(parcel_db, [item(serial) for serial in range(4)])
    page = (await counter.get("/inbound-items", limit=2, q="Sok")).json()
    await store(parcel_db, [item(9)])
    rest = (await counter.get("/inbound-items", limit=9, q="Sok", cursor=page["next_cursor"])).json()
    assert [one["item_number"] for one in page["items"] + rest["items"]] == numbers[::-1]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("ចាន់ ធីតា", "ចាន់\u200bធីតា"),
        ("ចាន់ ធីតា", "Chan Thida"),
        ("ចាន់ ធីតា", "ធីតា"),
        ("សុខ ដារ៉ា", "sok daara"),
        ("Sok Dara", "សុខ ដារ៉ា"),
        ("អណ្ដែត", "អណ្តែត"),
        ("ឧត្ដរ", "ឧត្តរ"),
        ("តាកែវ", "Takeo"),
    ],
)
async def test_an_addressee_is_found_however_the_name_is_spelled(
    counter: Counter, parcel_db: Database, name: str, asked: str
) -> None:
    (number, _) = await store(parcel_db, [item(1, name, "+85511222333"), item(2, "Heng Bunrith", None)])
    assert (await found(counter, q=asked))[0] == number


async def test_a_phone_or_its_last_digits_find_an_item(counter: Counter, parcel_db: Database) -> None:
    one, other = await store(parcel_db, [item(1, phone="+855971239876"), item(2, phone="+855975559876")])
    await store(parcel_db, [item(3, phone=None)])
    for digits in ("9876", "៩៨៧៦"):
        assert await found(counter, q=digits) == [other, one]
    for phone in ("097 123 9876", "+855 97 123 9876", "០៩៧ ១២៣ ៩៨៧៦"):
        assert await found(counter, q=phone) == await found(counter, phone=phone) == [one]
    assert await found(counter, q="Dara 097 123 9876") == [one]
    assert await found(counter, q="Pisey 097 123 9876") == []


async def test_the_better_fit_comes_first_though_it_is_older(counter: Counter, parcel_db: Database) -> None:
    exact, alike = await store(parcel_db, [item(1, "Sok Dara"), item(2, "សុខ ដារ៉ា")])
    assert await whole(counter, Role.CLERK, HOME, 1, q="Sok Dara") == [exact, alike]
    assert await whole(counter, Role.CLERK, HOME, 1, q="សុខ ដារ៉ា") == [alike, exact]


async def test_an_item_taken_in_is_found_and_shown_with_all_that_its_office_sees(
    counter: Counter, desk: Desk, parcel_db: Database
) -> None:
    await desk.taken_in()
    await find_words(parcel_db)
    async with parcel_db.transaction() as tx:
        await on_parcel_moved(tx, [moved(INBOUND, 1, ARRIVED, office=THIRD)])

    (shown,) = (await counter.get("/inbound-items", by=AWAY, q="Chan Thida")).json()["items"]

    assert shown == (await desk.seen(by=AWAY))["item"]
    assert (shown["addressee"]["name"], shown["state"], shown["holding_office"]) == (RECIPIENT, "arrived", THIRD)


async def test_an_office_asks_for_itself_and_those_of_none_for_nothing(counter: Counter, parcel_db: Database) -> None:
    await store(parcel_db, ITEMS)
    assert refusal(await counter.get("/inbound-items", office=AWAY)) == (403, "other-office")
    assert refusal(await counter.get("/inbound-items", Role.DISTRICT)) == (403, "other-office")
    assert refusal(await counter.get("/inbound-items", Role.TRADER)) == (403, "role-refused")
    headers = DISTRICT_OF_AN_OFFICE.headers(counter.key, HOME)
    bound = (await counter.client.get("/inbound-items", params={"limit": 200}, headers=headers)).json()["items"]
    assert [one["item_number"] for one in bound] == await found(counter)


async def test_each_item_of_a_page_is_on_record_as_read_and_no_other(counter: Counter, parcel_db: Database) -> None:
    items = [item(1), item(2), item(3, "Vong Pisey", "+85511987654")]
    one, other, third = await store(parcel_db, [replace(one, collecting_office=THIRD) for one in items])
    shown = [
        (await counter.get("/inbound-items", by=by, limit=1, **asked)).json()["items"]  # type: ignore[arg-type]
        for by, asked in ((HOME, {"q": "Sok Dara"}), (AWAY, {}), (HOME, {"q": "Heng Bunrith"}))
    ]
    assert [len(items) for items in shown] == [1, 0, 0]
    reads = {
        number: [
            (read["what"], read["actor"], read["office"])
            for read in (await counter.get(f"/parcels/{number}/reads", Role.AUDITOR)).json()
        ]
        for number in (one, other, third)
    }
    assert reads == {one: [], other: [("list", "clerk-TK01A", HOME)], third: []}
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from personal_data_read") == 1


async def test_who_was_forgotten_is_found_by_nothing_and_the_item_stays_in_the_list(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    numbers = await store(parcel_db, [item(1)])
    async with parcel_db.transaction() as tx:
        await tx.execute("update inbound_item set ended_at = now() - interval '1 year'")
        assert await erase_inbound_people(tx, Outbox("parcel", key_ring), timedelta(days=180), now()) == 1

    assert await found(counter) == numbers
    for asked in ({"q": "Sok Dara"}, {"q": "5678"}, {"q": "012 345 678"}, {"phone": "012 345 678"}):
        assert await found(counter, **asked) == [], asked


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"q": "S"}, ("q", "string-too-short")),
        ({"phone": "012 34"}, ("phone", "not-a-phone-number")),
        ({"state": "lying about"}, ("state", "enum")),
        ({"office": "tk"}, ("office", "string-pattern-mismatch")),
        ({"since": "yesterday"}, ("since", "date-from-datetime-parsing")),
        ({"limit": "201"}, ("limit", "less-than-equal")),
        ({"cursor": "of my own"}, ("cursor", "not-a-cursor")),
        ({"cursor": "WzFd"}, ("cursor", "not-a-cursor")),
    ],
    ids=str,
)
async def test_what_cannot_be_asked_is_named_by_its_field(
    counter: Counter, asked: dict[str, str], expected: tuple[str, str]
) -> None:
    answer = await counter.get("/inbound-items", **asked)  # type: ignore[arg-type]
    assert (answer.status_code, problems(answer)) == (422, [expected])


async def test_the_examples_of_the_description_find_the_item_of_its_body(
    app: FastAPI, counter: Counter, desk: Desk, parcel_db: Database
) -> None:
    document = app.openapi()
    (body,) = document["components"]["schemas"]["HandBody"]["examples"]
    assert (await desk.take_in(body)).status_code == 201
    await find_words(parcel_db)
    asked = {
        parameter["name"]: parameter["schema"]["examples"][0]
        for parameter in document["paths"]["/inbound-items"]["get"]["parameters"]
        if "examples" in parameter["schema"]
    }
    assert asked.keys() == {"q", "phone"}
    assert len(await found(counter, **asked)) == 1


async def rows_of(counter: Counter, role: Role = Role.CLERK, by: str = HOME, **asked: Any) -> list[dict[str, str]]:
    """Return the rows of the table."""
    answer = await counter.get("/inbound-items.csv", role, by, **asked)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["content-disposition"] == 'attachment; filename="inbound-items.csv"'
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


async def test_the_table_says_of_an_item_what_counters_ask(counter: Counter, parcel_db: Database) -> None:
    charges = Charges(12_000, (Fee("handling", 4_000),), "KHR")
    number = (await there(parcel_db, charges=charges, payment=Payment.DUE)).item_number
    async with parcel_db.transaction() as tx:
        await ask_for_papers(tx, TAKER, number, HOME, "Invoice")

    (row,) = await rows_of(counter)

    assert tuple(row) == COLUMNS
    assert row == {
        "item_number": number,
        "received_at": "2026-03-02 12:00",
        "state": "",
        "origin_country": "KR",
        "source": "hand",
        "taking_office": HOME,
        "collecting_office": AWAY,
        "holding_office": HOME,
        "sender_name": "Kim Minji",
        "addressee_name": "ចាន់ ធីតា",
        "addressee_phone": "'+855971234567",
        "charges_minor": "16000",
        "charges_currency": "KHR",
        "payment": "due",
        "papers": "asked_for",
        "papers_wanted": "Invoice",
    }


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\uff1d", "\uff20"])
async def test_no_cell_of_the_table_is_a_formula(counter: Counter, parcel_db: Database, begins: str) -> None:
    evil = f"{begins}HYPERLINK(1)"
    await store(parcel_db, [item(1, evil, sender_name=evil)])
    async with parcel_db.transaction() as tx:
        await ask_for_papers(tx, TAKER, item(1).item_number, HOME, evil)

    (row,) = await rows_of(counter)

    assert {row[name] for name in ("sender_name", "addressee_name", "papers_wanted")} == {f"'{evil}"}


async def test_the_table_has_what_the_list_has_in_its_order(counter: Counter, parcel_db: Database) -> None:
    await store(parcel_db, ITEMS)

    questions: list[dict[str, Any]] = [{}, {"q": "Sok"}, {"office": HOME}, {"q": "Sok", "since": "2026-03-03"}]
    for asked in questions:
        listed = await found(counter, **asked)
        assert [row["item_number"] for row in await rows_of(counter, **asked)] == listed != []
    with_all = await rows_of(counter, Role.AUDITOR)
    assert len(with_all) == len(ITEMS)


async def test_a_long_table_is_sent_in_portions(
    counter: Counter, parcel_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbound_list_http, "LARGEST_PAGE", 2)
    numbers = await store(parcel_db, [item(serial) for serial in range(5)])

    assert [row["item_number"] for row in await rows_of(counter)] == numbers[::-1]


async def test_a_table_of_nothing_is_its_head_and_one_that_may_not_be_is_refused(counter: Counter) -> None:
    assert (await counter.get("/inbound-items.csv")).text == "\ufeff" + ",".join(COLUMNS) + "\r\n"
    assert (await counter.get("/inbound-items.csv", office=AWAY)).status_code == 403


async def test_whose_data_a_table_shows_is_noted(counter: Counter, parcel_db: Database) -> None:
    (number,) = await store(parcel_db, [item(1)])
    await rows_of(counter)

    reads = (await counter.get(f"/parcels/{number}/reads", Role.AUDITOR)).json()
    assert [(read["what"], read["actor"]) for read in reads] == [("list", f"clerk-{HOME}")]


def test_every_column_is_documented_in_its_order() -> None:
    page = (Path(__file__).parents[4] / "docs" / "api.md").read_text()
    columns = page.partition("its table has the columns")[2].partition("; new ones")[0]
    assert tuple(re.findall(r"`(\w+)`", columns)) == COLUMNS
