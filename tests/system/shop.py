"""A shop that was opened at a counter of the running services: its owner's session, its keys, a parcel of each kind."""

import re
from dataclasses import dataclass

import httpx

from shared.access.scopes import OF_LIVE_KEYS, OF_PRACTICE_KEYS
from tests.parcel.bodies import AWAY, HOME, keyed, parcel_body
from tests.parcel.people.shop import OWNER, shop_body
from tests.support.waiting import until
from tests.system.stack import PASSPHRASE, Stack

WITHIN_S = 10.0
CODE = re.compile(r"(?<![0-9])[0-9]{6}(?![0-9])")
Headers = dict[str, str]


@dataclass(frozen=True)
class Shop:
    """What the owner and the programs of a shop send with a request, and what they may name in it."""

    trader_id: str
    owner: Headers
    live_key: Headers
    practice_key: Headers
    parcel: str
    practice_parcel: str


def bearer(token: object) -> Headers:
    """Return the header of a token or a key."""
    return {"Authorization": f"Bearer {token}"}


async def signed_in(parcel: httpx.AsyncClient, name: str) -> Headers:
    """Sign in one of the sample staff."""
    body = {"name": name, "passphrase": PASSPHRASE}
    return bearer((await made(parcel, "/sessions", body, {}))["token"])


async def opened(stack: Stack) -> Shop:
    """Open a shop at the home office, sign its owner in, make its keys, and register what is its own."""
    async with (
        httpx.AsyncClient(base_url=stack.url("parcel"), timeout=WITHIN_S) as parcel,
        httpx.AsyncClient(base_url=stack.url("notifications"), timeout=WITHIN_S) as phones,
    ):
        clerk = await signed_in(parcel, f"clerk-{HOME.lower()}")
        trader_id = (await made(parcel, "/traders", shop_body(office=HOME), clerk))["trader_id"]
        session = {"phone": OWNER, "code": await _code(parcel, phones)}
        owner = bearer((await made(parcel, "/trader-sessions", session, {}))["token"])
        live, practice = [
            bearer((await made(parcel, f"/traders/{trader_id}/keys", _key(practice=practice), owner))["secret"])
            for practice in (False, True)
        ]
        sent = parcel_body(collecting_office=AWAY, trader=trader_id)
        own = await made(parcel, "/parcels", sent, clerk)
        of_practice = await made(parcel, "/practice/parcels", parcel_body(collecting_office=AWAY), practice)
    return Shop(str(trader_id), owner, live, practice, str(own["item_number"]), str(of_practice["item_number"]))


async def made(parcel: httpx.AsyncClient, path: str, body: object, headers: Headers) -> dict[str, object]:
    """Ask for something new, and return it."""
    answer = await parcel.post(path, json=body, headers=headers | keyed())
    assert answer.status_code == 201, (path, answer.text)
    found: dict[str, object] = answer.json()
    return found


async def _code(parcel: httpx.AsyncClient, phones: httpx.AsyncClient) -> str:
    """Ask for a code to sign in with, and read it on the owner's phone."""
    assert (await parcel.post("/trader-sessions/codes", json={"phone": OWNER})).status_code == 202
    found: list[str] = []

    async def came() -> object:
        messages = (await phones.get("/inbox.json", params={"phone": OWNER})).json()["messages"]
        found.extend(code for message in messages for code in CODE.findall(message["body"]))
        return found

    await until(came)
    return found[0]


def _key(*, practice: bool) -> dict[str, object]:
    opening = OF_PRACTICE_KEYS if practice else OF_LIVE_KEYS
    return {"label": "our web shop", "scopes": sorted(opening), "practice": practice}
