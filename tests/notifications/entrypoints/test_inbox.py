"""The development inbox, as a page and as data."""

from collections.abc import AsyncIterator
from types import SimpleNamespace

import httpx
import pytest
from fastapi import FastAPI

from services.notifications.channels.channel import Outgoing
from services.notifications.entrypoints import inbox
from services.notifications.use_cases.keep_in_inbox import keep_in_inbox
from shared.contracts.states import CustomerState
from shared.db.connection import Database
from shared.web import problems
from shared.web.service import service_of
from tests.contracts.declared import must_be_declared_by
from tests.notifications.samples import NOON, NUMBER, RECIPIENT_PHONE, claim, number, prepare


@pytest.fixture
async def browser(notifications_database: Database) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(inbox.router)
    problems.install(app)
    app.dependency_overrides[service_of] = lambda: SimpleNamespace(database=notifications_database)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://post",
        event_hooks={"response": [must_be_declared_by("notifications")]},
    ) as client:
        yield client


async def fill(database: Database, *items: str, name: str = "Sok Dara") -> None:
    await prepare(database, CustomerState.READY_FOR_COLLECTION, CustomerState.DELIVERED, items=items, name=name)
    for written in await claim(database):
        async with database.transaction() as tx:
            await keep_in_inbox(tx, written.outgoing, written.channel, NOON)


async def test_data_show_each_message_with_what_it_cost(
    browser: httpx.AsyncClient, notifications_database: Database
) -> None:
    await fill(notifications_database, NUMBER)
    messages = (await browser.get("/inbox.json")).json()["messages"]
    by_audience = {message["audience"]: message for message in messages}
    english, khmer = by_audience["recipient"], by_audience["sender"]
    assert (english["encoding"], english["segments"], english["language"]) == ("GSM-7", 1, "en")
    assert (khmer["encoding"], khmer["segments"], khmer["language"]) == ("UCS-2", 2, "km")
    assert english["units"] == len(english["body"])
    assert english["item_number"] == NUMBER
    assert (english["milestone"], english["channel"], english["received"]) == ("ready_for_collection", "sms", 1)
    assert english["at"] == "2026-03-02T05:00:00Z"


@pytest.mark.parametrize("phone", ["+855971234567", "0971234567", "097 123 4567", "855971234567", "០៩៧១២៣៤៥៦៧"])
async def test_a_phone_is_found_however_it_is_written(
    browser: httpx.AsyncClient, notifications_database: Database, phone: str
) -> None:
    await fill(notifications_database, NUMBER)
    messages = (await browser.get(f"/inbox.json?phone={phone}")).json()["messages"]
    assert [message["phone"] for message in messages] == [RECIPIENT_PHONE]


async def test_messages_of_one_item_are_found_by_its_number(
    browser: httpx.AsyncClient, notifications_database: Database
) -> None:
    await fill(notifications_database, NUMBER, number(1))
    messages = (await browser.get("/inbox.json", params={"item_number": "rr 473 124 829 gb"})).json()["messages"]
    assert {message["item_number"] for message in messages} == {NUMBER}
    assert len(messages) == 2


@pytest.mark.parametrize("query", ["phone=12", "phone=abc", "item_number=RR473124820GB", "limit=0"])
async def test_a_wrong_question_gets_a_field_level_answer(browser: httpx.AsyncClient, query: str) -> None:
    answer = await browser.get(f"/inbox.json?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == query.split("=", maxsplit=1)[0]


async def test_the_page_shows_a_phone_a_person_with_khmer_marked_as_such(
    browser: httpx.AsyncClient, notifications_database: Database
) -> None:
    await fill(notifications_database, NUMBER)
    answer = await browser.get("/inbox")
    assert answer.status_code == 200
    assert answer.text.count('<article class="phone">') == 2
    assert '<p class="bubble" lang="km">កញ្ចប់ RR473124829GB' in answer.text
    assert "02 Mar 2026 12:00:00" in answer.text
    assert "<script" not in answer.text


async def test_a_name_on_the_page_is_text_and_never_markup(
    browser: httpx.AsyncClient, notifications_database: Database
) -> None:
    await fill(notifications_database, NUMBER, name="<img src=x onerror=alert(1)>")
    async with notifications_database.transaction() as tx:
        await tx.execute("update development_inbox set body = '<b>hello</b>'")
    page = (await browser.get("/inbox")).text
    assert "<img" not in page
    assert "&lt;b&gt;hello" in page


async def test_an_empty_inbox_says_what_fills_it(browser: httpx.AsyncClient) -> None:
    assert "No message yet" in (await browser.get("/inbox")).text
    assert "No message here" in (await browser.get("/inbox?phone=012345678")).text


async def test_a_phone_that_is_linked_gets_the_next_message_by_telegram(
    browser: httpx.AsyncClient, notifications_database: Database
) -> None:
    answer = await browser.post("/inbox/phones/+855971234567/telegram")
    assert (answer.status_code, answer.headers["location"]) == (303, "../../../inbox?phone=%2B855971234567")
    await fill(notifications_database, NUMBER)
    messages = (await browser.get("/inbox.json?phone=0971234567")).json()["messages"]
    assert [(message["channel"], message["encoding"]) for message in messages] == [("telegram", None)]


async def test_a_message_that_came_twice_is_shown_once_and_says_so(
    browser: httpx.AsyncClient, notifications_database: Database
) -> None:
    await fill(notifications_database, NUMBER)
    message = (await browser.get("/inbox.json?phone=0971234567")).json()["messages"][0]
    async with notifications_database.transaction() as tx:
        outgoing = Outgoing(message["message_id"], RECIPIENT_PHONE, None, message["body"])
        await keep_in_inbox(tx, outgoing, "sms", NOON)
    page = (await browser.get("/inbox?phone=0971234567")).text
    assert page.count('class="bubble"') == 1
    assert "Came 2 times under one id" in page


async def test_the_page_offers_a_link_to_those_alone_who_have_none(
    browser: httpx.AsyncClient, notifications_database: Database
) -> None:
    await fill(notifications_database, NUMBER)
    linking = 'action="inbox/phones/%2B855971234567/telegram"'
    before = (await browser.get("/inbox")).text
    assert linking in before
    offered = before.count("Link Telegram")

    await browser.post("/inbox/phones/+855971234567/telegram")

    after = (await browser.get("/inbox")).text
    assert linking not in after
    assert after.count("Link Telegram") == offered - 1 > 0
