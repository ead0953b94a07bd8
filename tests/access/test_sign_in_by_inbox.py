"""A trader signs in with the code that the phone shows, from the request to the token."""

import re
from typing import Any

import httpx

from services.parcel.people.domain.sign_in_code import MOST_TRIES
from shared.access.roles import Role
from tests.access.running_post import Post, without_broker
from tests.access.signed_in import actor_id, bearer, good
from tests.parcel.bodies import HOME, keyed
from tests.parcel.counter import refusal
from tests.parcel.people.shop import shop_body
from tests.support.carried import carry, told
from tests.support.waiting import until

pytestmark = without_broker


async def opened(post: Post, phone: str, language: str) -> None:
    """Open a shop at the home office."""
    body = shop_body(office=HOME, owner={"name": "Chan Sophea", "phone": phone, "language": language})
    headers = good(post.key, actor_id(Role.CLERK, HOME)) | keyed()
    answer = await post.clients["parcel"].post("/traders", json=body, headers=headers)
    assert answer.status_code == 201, answer.text


async def shown(post: Post, phone: str) -> list[dict[str, Any]]:
    """Return what a phone shows."""
    messages: list[dict[str, Any]] = (
        await post.clients["notifications"].get("/inbox.json", params={"phone": phone})
    ).json()["messages"]
    return messages


async def code_on(post: Post, phone: str) -> str:
    """Ask for a code, have it brought to the phone, and read it there."""
    asked = await post.clients["parcel"].post("/trader-sessions/codes", json={"phone": phone})
    assert (asked.status_code, asked.content) == (202, b"null")
    await carry(post.service("parcel"), post.service("notifications"))

    async def came() -> object:
        return await shown(post, phone)

    await until(came)
    (message,) = await shown(post, phone)
    (code,) = re.findall(r"(?<![0-9])[0-9]{6}(?![0-9])", message["body"])
    return str(code)


async def sign_in(post: Post, phone: str, code: str) -> httpx.Response:
    return await post.clients["parcel"].post("/trader-sessions", json={"phone": phone, "code": code})


async def test_a_trader_signs_in_with_the_code_that_the_inbox_shows(post: Post) -> None:
    phone = "012 404 101"
    await opened(post, phone, "en")

    code = await code_on(post, phone)
    session = await sign_in(post, phone, code)

    assert session.status_code == 201, session.text
    headers = bearer(session.json()["token"])
    shops = await post.clients["parcel"].get(f"/traders/{session.json()['trader']}", headers=headers)
    assert shops.json()["members"][0]["phone"] == "+85512404101"
    assert refusal(await sign_in(post, phone, code)) == (401, "sign-in-refused")


async def test_the_inbox_page_shows_the_code_as_one_sms_about_no_parcel(post: Post) -> None:
    phone = "012 404 102"
    await opened(post, phone, "km")
    code = await code_on(post, phone)

    (message,) = await shown(post, phone)
    page = (await post.clients["notifications"].get("/inbox", params={"phone": phone})).text

    assert (message["segments"], message["channel"], message["language"]) == (1, "sms", "km")
    assert (message["item_number"], message["milestone"], message["audience"]) == ("", "sign_in_code", "member")
    assert code in page
    assert "sign in code, to the member" in page


async def test_a_linked_phone_gets_its_code_by_telegram(post: Post) -> None:
    phone = "012 404 103"
    await opened(post, phone, "km")
    await post.clients["notifications"].post("/inbox/phones/+85512404103/telegram")
    await code_on(post, phone)
    assert [message["channel"] for message in await shown(post, phone)] == ["telegram"]


async def test_the_outcome_is_told_and_what_is_told_again_sends_nothing(post: Post) -> None:
    phone = "012 404 104"
    await opened(post, phone, "en")
    code = await code_on(post, phone)

    async def is_told() -> bool:
        return any(row.type == "code.sent.v1" for row in await told(post.service("notifications")))

    await until(is_told)
    await carry(post.service("parcel"), post.service("notifications"))
    assert [message["received"] for message in await shown(post, phone)] == [1]
    open_rows = [row for row in await told(post.service("notifications")) if row.type == "code.sent.v1"]
    assert code.encode() not in b"".join(row.payload for row in open_rows)


async def test_wrong_codes_use_the_right_one_up(post: Post) -> None:
    phone = "012 404 105"
    await opened(post, phone, "en")
    code = await code_on(post, phone)
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(MOST_TRIES):
        assert refusal(await sign_in(post, phone, wrong)) == (401, "sign-in-refused")
    assert (await sign_in(post, phone, code)).status_code in {401, 429}
